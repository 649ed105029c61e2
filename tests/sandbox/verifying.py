"""Verifies the deployed path in this process: the same code as the command, with clients made once."""

import os
from typing import Any

from hatchway.route.report import Report
from hatchway.verify.aws.accounts import AwsReader
from hatchway.verify.aws.judging import AwsFacts
from hatchway.verify.http import HttpCaller
from hatchway.verify.keyring import Keyring
from hatchway.verify.state import states_of
from hatchway.verify.verification import Verification
from hatchway.verify.waiting import Patience


class Verifier:
    """Makes one verification after the other; the environment has to lead into the sandbox."""

    def __init__(self, topology: Any) -> None:
        self.topology = topology
        self.caller = HttpCaller()
        self.states = states_of(topology, self.caller)
        self.reader: Any = AwsReader(topology.accounts, deadline=3600)

    def __call__(self) -> Report:
        return Verification(
            topology=self.topology,
            states=self.states,
            caller=self.caller,
            keyring=Keyring(os.environ),
            patience=Patience(0),
            facts=AwsFacts(self.topology, self.states, self.reader),
        ).run()
