"""The same resources, written for stock CDKTF: as programs of its own bindings, without Hatchway."""
