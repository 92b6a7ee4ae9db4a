"""Speed and memory beside the stock bot that `rasa init` makes: `make benchmark`.

Both servers run at once on this machine and are asked in turn, a new conversation every six turns, over Rasa's REST channel,
action and database included. Prints p50 and p95 of a turn, the processor's time for one (which a busy
machine changes least), and the memory of all processes of each.

`python -m benchmarks.turns --beside FOLDER` asks another checkout of Usher in the stock bot's place, such as a `git worktree` of
an earlier commit (with its model trained), and both the same questions: what a change costs or saves.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
STOCK = ROOT / "var" / "stock"
PORTS = {"usher": 5305, "other": 5306}
OURS = ["how much does it cost?", "and how long does it last?", "who can come to the Heads' Forum?", "do you help with insurance?",
        "what would happen to our pensions?", "who do I ring about that?"]  # fmt: skip
THEIRS = ["hello", "I am sad", "no", "are you a bot?", "great", "bye"]


def make_stock() -> None:
    """Make and train the stock bot once, under var/stock."""
    if list((STOCK / "models").glob("*.tar.gz")):
        return
    STOCK.mkdir(parents=True, exist_ok=True)
    print("making and training the stock bot (some minutes)", flush=True)
    rasa = [sys.executable, "-m", "rasa"]
    subprocess.run([*rasa, "init", "--no-prompt", "--init-dir", str(STOCK)], check=True, cwd=STOCK, capture_output=True)


def serve(name: str, folder: Path) -> subprocess.Popen[bytes]:
    """Start one of the two servers; a folder with config.yml and bot/ is an Usher."""
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "ignore"}
    if (folder / "bot").is_dir():
        command = [sys.executable, "-m", "bot.dialogue"]
        environment["USHER_RASA_PORT"] = str(PORTS[name])
    else:
        command = [sys.executable, "-m", "rasa", "run", "--enable-api", "-i", "127.0.0.1", "-p", str(PORTS[name])]
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_for(name: str, seconds: float = 180) -> None:
    """Wait until a server has its model. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"http://127.0.0.1:{PORTS[name]}/status", timeout=2).json().get("model_file"):
                return
        except (httpx.HTTPError, ValueError):
            time.sleep(0.5)
    raise TimeoutError(name)


def memory_mb(process: subprocess.Popen[bytes]) -> float:
    """Return the resident memory of a process and its children, in MB."""
    total = 0.0
    pids = [process.pid]
    while pids:
        pid = pids.pop()
        try:
            status = Path(f"/proc/{pid}/status").read_text()
            total += int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024
            pids += [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        except (OSError, StopIteration):
            continue
    return total


def processor_ms(process: subprocess.Popen[bytes]) -> float:
    """Return the processor time that a process has used so far, in ms."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") * 1000


def main() -> None:
    """Ask both in turn and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=180)
    parser.add_argument("--beside", type=Path, help="another checkout of Usher, asked in the stock bot's place")
    arguments = parser.parse_args()
    if not arguments.beside:
        make_stock()
    servers = {"usher": serve("usher", ROOT), "other": serve("other", arguments.beside or STOCK)}
    questions = {"usher": OURS, "other": OURS if arguments.beside else THEIRS}
    times: dict[str, list[float]] = {name: [] for name in PORTS}
    before: dict[str, float] = {}
    try:
        for name in PORTS:
            wait_for(name)
        with httpx.Client(timeout=60) as client:
            for turn in range(arguments.turns + 12):
                if turn == 12:
                    before = {name: processor_ms(servers[name]) for name in PORTS}
                for name in PORTS if turn % 2 else reversed(PORTS):
                    body = {"sender": f"{name}-{turn // 6}-{os.getpid()}", "message": questions[name][turn % 6]}
                    started = time.perf_counter()
                    client.post(f"http://127.0.0.1:{PORTS[name]}/webhooks/rest/webhook", json=body).raise_for_status()
                    if turn >= 12:  # the first two conversations warm both up
                        times[name].append((time.perf_counter() - started) * 1000)
        print(f"{'':8}{'p50 ms':>10}{'p95 ms':>10}{'CPU ms':>10}{'memory MB':>12}")
        for name in PORTS:
            spread = statistics.quantiles(times[name], n=20)
            cpu = (processor_ms(servers[name]) - before[name]) / arguments.turns
            print(f"{name:8}{statistics.median(times[name]):10.1f}{spread[18]:10.1f}{cpu:10.1f}{memory_mb(servers[name]):12.0f}")
    finally:
        for server in servers.values():
            server.terminate()
        for server in servers.values():
            server.wait(30)


if __name__ == "__main__":
    main()
