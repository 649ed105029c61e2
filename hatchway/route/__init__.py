"""The path as data: hops, checks, outcomes and reports. Judgement here is pure."""
