"""Whether a packet gets from one subnet to another and back: groups, lists, tables, gateways."""
