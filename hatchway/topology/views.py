"""A file with several gateways, as one topology for each of them.

Everything else knows one gateway. So a file that declares `gateways` is taken apart before it is read:
each view is a file of its own with that gateway, its services and its networks, and keeps the places
of the file that it comes from.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from hatchway.topology.document import Document
from hatchway.topology.problems import KeyPath, Misfit
from hatchway.topology.values import Name
from hatchway.topology.wording import describe, nearest

SEVERAL = "gateways"
ONE = "gateway"
TRANSIT = "transit"
# That of a name; what is created is named after both.
_LONGEST_NAME = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A file as one of its gateways sees it.

    Attributes:
        gateway: Name of the gateway; None where the file has one without a name.
        document: Its values and places.
    """

    gateway: str | None
    document: Document

    def original(self, misfit: Misfit) -> Misfit:
        """The misfit at the place of the file that it comes from."""
        if self.gateway is None:
            return misfit
        return Misfit(path=self._place(misfit.path), message=misfit.message, got=misfit.got, fix=misfit.fix)

    def _place(self, path: KeyPath) -> KeyPath:
        if path[:1] == (ONE,):
            return (SEVERAL, self.gateway or "", *path[1:])
        own = (SEVERAL, self.gateway or "", *path)
        return own if path[:1] == (TRANSIT,) and own[:3] in self.document.places else path


def views(document: Document) -> tuple[tuple[View, ...], tuple[Misfit, ...]]:
    """The views of a document, and what is wrong between them."""
    values = document.values
    if SEVERAL not in values:
        return (View(gateway=None, document=document),), ()
    gateways = values[SEVERAL]
    if not isinstance(gateways, dict) or not gateways:
        misfit = Misfit(path=(SEVERAL,), message="has no gateway", fix="Add one, by its name.")
        return (), (misfit,)
    misfits = [*_both(values), *_services_fit(values, gateways), *_networks_fit(values, gateways)]
    misfits += _names_fit(values, gateways)
    with_services = [name for name in gateways if _services_of(values, name)]
    return tuple(_view(document, name) for name in with_services), tuple(misfits)


def distinct(misfits: Iterable[Misfit]) -> list[Misfit]:
    """Each misfit once: of what views have in common, each view finds the same."""
    found: dict[tuple[KeyPath, str], Misfit] = {}
    for misfit in misfits:
        found.setdefault((misfit.path, misfit.message), misfit)
    return list(found.values())


def _view(document: Document, name: str) -> View:
    values = document.values
    gateways = _mapping(values[SEVERAL])
    gateway = gateways[name]
    others = {network for other in gateways if other != name for network in _networks_of(values, other)}
    others -= set(_networks_of(values, name))
    own: dict[str, object] = {
        **{key: value for key, value in values.items() if key != SEVERAL},
        **({"name": _name(values, name)} if "name" in values else {}),
        ONE: {key: value for key, value in gateway.items() if key != TRANSIT}
        if isinstance(gateway, dict)
        else gateway,
        "services": _services_of(values, name),
    }
    if isinstance(values.get("networks"), dict):
        own["networks"] = {
            key: value for key, value in _mapping(values["networks"]).items() if key not in others
        }
    if isinstance(gateway, dict) and TRANSIT in gateway:
        own[TRANSIT] = gateway[TRANSIT]
    return View(
        gateway=name,
        document=Document(
            file=document.file,
            values=own,
            places=document.places,
            sources={**document.sources, **dict(_moved(document.sources, name))},
        ),
    )


def _moved(sources: Mapping[KeyPath, str], name: str) -> Iterator[tuple[KeyPath, str]]:
    for path, source in sources.items():
        if path[:2] == (SEVERAL, name):
            inside = path[2:]
            yield (inside if inside[:1] == (TRANSIT,) else (ONE, *inside)), source


def _both(values: Mapping[str, object]) -> Iterator[Misfit]:
    if ONE in values:
        yield Misfit(
            path=(ONE,),
            message="is given, and gateways too",
            fix="Give it a name under gateways, or keep it and remove those.",
        )


def _services_fit(values: Mapping[str, object], gateways: Mapping[str, object]) -> Iterator[Misfit]:
    lost = _lost_services(values)
    for service, given in lost.items():
        guess = nearest(given, gateways) if isinstance(given, str) else None
        yield Misfit(
            path=("services", service, ONE),
            message="is missing" if given is None else "is not the name of a gateway",
            got=given,
            fix=f"Did you mean '{guess}'?" if guess else f"Declared: {', '.join(gateways)}.",
        )
    for name in () if lost else gateways:
        if not _services_of(values, name):
            yield Misfit(
                path=(SEVERAL, name), message="has no service", fix="Add one that names it, or remove it."
            )


def _networks_fit(values: Mapping[str, object], gateways: Mapping[str, object]) -> Iterator[Misfit]:
    """A network is one gateway's: its stack `foundation` would create it twice."""
    users: dict[str, list[str]] = {network: [] for network in _mapping(values.get("networks"))}
    for name in gateways:
        for network in _networks_of(values, name):
            users[network].append(name)
    lost = _lost_services(values)
    for network, names in users.items():
        if len(names) > 1:
            yield Misfit(
                path=("networks", network),
                message=f"is used by gateways.{names[0]} and gateways.{names[1]}",
                fix="Give each gateway networks of its own: what leads to a service is in one region.",
            )
        if not names and not lost:
            yield Misfit(
                path=("networks", network),
                message="is used by no gateway and by no service",
                fix="Name it where it is meant, or remove it.",
            )


def _names_fit(values: Mapping[str, object], gateways: Mapping[str, object]) -> Iterator[Misfit]:
    estate = values.get("name")
    for name in gateways:
        try:
            TypeAdapter(Name).validate_python(name)
        except ValidationError as error:
            message, fix = describe(error.errors(include_url=False)[0], name, None)
            yield Misfit(path=(SEVERAL, name), message=message, got=name, fix=fix)
            continue
        if isinstance(estate, str) and len(f"{estate}-{name}") > _LONGEST_NAME:
            yield Misfit(
                path=(SEVERAL, name),
                message=f"makes the name '{estate}-{name}' of more than {_LONGEST_NAME} characters",
                fix="What is created is named after both: shorten one.",
            )


def _lost_services(values: Mapping[str, object]) -> dict[str, object]:
    """Services that name no gateway that there is, with what they name."""
    gateways = _mapping(values[SEVERAL])
    named = {
        name: declared.get(ONE)
        for name, declared in _mapping(values.get("services")).items()
        if isinstance(declared, dict)
    }
    return {
        name: given for name, given in named.items() if not (isinstance(given, str) and given in gateways)
    }


def _name(values: Mapping[str, object], gateway: str) -> object:
    """Renders the name of a view. One that is too long, or is none, is said once: not by the view."""
    estate = values.get("name")
    combined = f"{estate}-{gateway}"
    return combined if isinstance(estate, str) and len(combined) <= _LONGEST_NAME else estate


def _services_of(values: Mapping[str, object], gateway: str) -> dict[str, object]:
    return {
        name: declared
        for name, declared in _mapping(values.get("services")).items()
        if isinstance(declared, dict) and declared.get(ONE) == gateway
    }


def _networks_of(values: Mapping[str, object], gateway: str) -> tuple[str, ...]:
    """Networks that a gateway and its services name, in the order of the file."""
    endpoints = (_mapping(service).get("endpoint") for service in _services_of(values, gateway).values())
    places = (_mapping(values[SEVERAL]).get(gateway), *endpoints)
    named = [_mapping(place).get("network") for place in places]
    return tuple(name for name in _mapping(values.get("networks")) if name in named)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
