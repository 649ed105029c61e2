from scripts.clean_lock import clean


def test_removes_every_address_of_an_index() -> None:
    lock: dict[str, dict[str, object]] = {
        "_meta": {
            "hash": {"sha256": "0"},
            "sources": [{"name": "an-index", "url": "https://index.example/packages"}],
        },
        "default": {"boto3": {"index": "pypi", "version": "==1.0"}},
        "develop": {"pytest": {"index": "pypi", "version": "==9.0"}},
    }
    clean(lock)
    assert lock == {
        "_meta": {"hash": {"sha256": "0"}, "sources": []},
        "default": {"boto3": {"version": "==1.0"}},
        "develop": {"pytest": {"version": "==9.0"}},
    }
