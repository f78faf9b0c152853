"""`python -m tests.load http://host:port`: send the mix of requests to a running system."""

import argparse
import asyncio
import os
import sys

import httpx2

from tests.load.run import LoadRefused, run_load


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.load", description="Writes messages: do not run it on a system in use."
    )
    parser.add_argument("address", help="http://host:port of a backend, or of a proxy in front of it")
    parser.add_argument("--seconds", type=float, default=30.0, help="duration")
    parser.add_argument("--askers", type=int, default=16, help="clients that send one request after another")
    parser.add_argument("--subscribers", type=int, default=50, help="clients that subscribe to all messages")
    parser.add_argument("--token", default=os.environ.get("LOADTEST_TOKEN"), help="API token, where one is needed")
    options = parser.parse_args()
    load = run_load(
        options.address.rstrip("/"),
        seconds=options.seconds,
        askers=options.askers,
        subscribers=options.subscribers,
        token=options.token,
    )
    try:
        report = asyncio.run(load)
    except (LoadRefused, httpx2.TransportError, httpx2.InvalidURL, TimeoutError) as error:
        sys.exit(f"✗ {options.address} cannot be tested: {error or 'no client could subscribe'}")
    sys.stdout.writelines(f"{line}\n" for line in report.lines())
    sys.exit(0 if report.good else 1)


main()
