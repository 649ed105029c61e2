"""Which region an Availability Zone id belongs to.

https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
"""

_DIRECTIONS = {
    "north": "n",
    "northeast": "ne",
    "east": "e",
    "southeast": "se",
    "south": "s",
    "southwest": "sw",
    "west": "w",
    "northwest": "nw",
    "central": "c",
}
_AREAS = {"us-gov": "usg"}


def zone_prefix(region: str) -> str | None:
    """What zone ids of a region begin with: `euw1` for eu-west-1. `None` for regions named otherwise."""
    area, direction, number = region.rsplit("-", 2)
    short = _AREAS.get(area, area)
    if direction not in _DIRECTIONS or "-" in short:
        return None
    return f"{short}{_DIRECTIONS[direction]}{number}"
