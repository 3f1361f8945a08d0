"""The live part of bin/monitoring-check: a controller under work, a Prometheus that scrapes it, every query of the dashboard,
and one alert that fires because its workers were taken away."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

work = sys.argv[1]
root = os.getcwd()
processes = []


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(name, *command):
    log = open(f"{work}/{name}.log", "w")
    process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    processes.append(process)
    return process


def stop(process):
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def ask(url, body=None, content="application/yaml"):
    request = urllib.request.Request(url, data=body, headers={"Content-Type": content} if body else {})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read().decode()


def until(what, seconds, question):
    deadline = time.monotonic() + seconds
    while True:
        try:
            answer = question()
            if answer:
                return answer
        except (OSError, urllib.error.URLError):
            pass
        if time.monotonic() > deadline:
            sys.exit(f"{what}: not within {seconds} s (logs in {work})")
        time.sleep(0.5)


JOB = """
apiVersion: ballast.dev/v1alpha1
kind: TestJob
metadata: {name: %s}
spec:
  matrix:
    models: [{name: silero-vad, family: audio, source: "builtin:silero-vad"}]
    backends: [%s]
    repetitions: %d
  run: {maxDuration: 500ms}
"""


def main():
    port, prometheus_port = free_port(), free_port()
    server = f"http://127.0.0.1:{port}"
    prometheus = f"http://127.0.0.1:{prometheus_port}"
    data = f"{work}/data"
    subprocess.run(["rm", "-rf", data, f"{work}/tsdb"], check=True)
    # The alerts as they are, only sooner: nobody waits a minute here.
    rules = open(f"{work}/rules.yaml").read()
    open(f"{work}/rules-live.yaml", "w").write("\n".join(
        line[:line.index("for:")] + "for: 2s" if line.strip().startswith("for:") else line for line in rules.split("\n")))
    open(f"{work}/prometheus.yaml", "w").write(json.dumps({
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [f"{work}/rules-live.yaml"],
        "scrape_configs": [{"job_name": "ballast", "metrics_path": "/q/metrics",
                            "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]}]}))
    subprocess.run(["promtool", "check", "config", f"{work}/prometheus.yaml"], check=True, stdout=subprocess.DEVNULL)
    start("controller", "bin/ballast", "local", "--workers", "0", "--port", str(port), "--data", data)
    until("the controller", 180, lambda: ask(f"{server}/api/v1/workers"))
    start("prometheus", "prometheus", f"--config.file={work}/prometheus.yaml", f"--storage.tsdb.path={work}/tsdb",
          f"--web.listen-address=127.0.0.1:{prometheus_port}")
    until("prometheus", 30, lambda: ask(f"{prometheus}/-/ready"))

    worker = start("worker", "bin/ballast", "worker", "--server", server, "--pool", "chromium")
    until("the worker", 60, lambda: json.loads(ask(f"{server}/api/v1/workers")))
    ask(f"{server}/api/v1/namespaces/default/jobs", (JOB % ("speech", "wasm", 60)).encode())
    ask(f"{server}/api/v1/namespaces/default/jobs", (JOB % ("nowhere", "webgl", 1)).encode())
    until("ten measurements", 120, lambda: json.loads(ask(f"{server}/api/v1/namespaces/default/jobs/speech"))["counts"]["succeeded"] >= 10)

    def query(expression):
        return json.loads(ask(f"{prometheus}/api/v1/query?" + urllib.parse.urlencode({"query": expression})))["data"]["result"]

    dashboard = json.load(open(f"{root}/k8s/monitoring/dashboard.json"))
    expressions = [(panel["title"], target["expr"]) for panel in dashboard["panels"] for target in panel.get("targets", [])]
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            metric = variable["definition"].split("(")[1].split(",")[0]
            expressions.append((f"variable {variable['name']}", metric))
    empty = []
    for title, expression in expressions:
        concrete = expression.replace("$__rate_interval", "30s").replace("$pool", ".*").replace("$family", ".*")
        deadline = time.monotonic() + 20
        while not query(concrete) and time.monotonic() < deadline:
            time.sleep(0.5)
        if not query(concrete):
            empty.append(f"{title}: {expression}")
    print(f"{len(expressions) - len(empty)} of {len(expressions)} queries of the dashboard return data")
    if empty:
        sys.exit("without data:\n  " + "\n  ".join(empty))

    if query('ALERTS{alertname="BallastNoWorkerReady"}'):
        sys.exit("BallastNoWorkerReady fires while a worker is ready")
    os.killpg(worker.pid, signal.SIGKILL)
    killed = time.monotonic()
    until("BallastNoWorkerReady", 60, lambda: query('ALERTS{alertname="BallastNoWorkerReady",alertstate="firing"}'))
    print(f"BallastNoWorkerReady fires {time.monotonic() - killed:.0f} s after the only worker was killed")
    start("worker-2", "bin/ballast", "worker", "--server", server, "--pool", "chromium")
    until("the end of the alert", 90, lambda: not query('ALERTS{alertname="BallastNoWorkerReady"}'))
    print("and ends once another worker has joined")


try:
    main()
finally:
    for each in reversed(processes):
        stop(each)
