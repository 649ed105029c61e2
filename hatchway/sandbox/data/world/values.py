"""Plain values that facts of the estate are made of."""

import ipaddress
from collections.abc import Mapping
from typing import Any

__all__ = ["Address", "Document", "Network"]

Address = ipaddress.IPv4Address
Network = ipaddress.IPv4Network
Document = Mapping[str, Any]
