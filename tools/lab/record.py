#!/usr/bin/env python3
"""Records captures of real programs over linkemu, each with a key of what really happened.

usage: record.py OUTDIR [NAME...]      (root, Linux; iproute2 nginx curl openssl gcc, tracefs for triggers)

Every run that `runs.py` lists gives NAME.pcap, recorded at the client, NAME-server.pcap, and a row of OUTDIR/key.json:
what the link lost, delayed and copied, from its log; and each segment that was sent again, with what made the
kernel do so, from the stack of its tracepoint tcp_retransmit_skb. Packets are numbered from 1 in the file of
their sender (`sent`) and of their receiver (`arrived`)."""
import json, os, random, re, shutil, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
WORK = os.environ.get("LAB_WORK", os.path.join(tempfile.gettempdir(), "netsim-lab"))
TRACING = "/sys/kernel/tracing"
OBJECTS = [12_000, 3_000, 30_000, 60_000]
A, B = "10.8.0.1", "10.8.0.2"


def sh(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def inside(space, *command):
    return ["ip", "netns", "exec", space, *command]


# MARK: Programs

PEER = '''
import socket, sys
role, size, control = sys.argv[1], int(sys.argv[2]), sys.argv[3]
def send(s):
    left = size
    while left: left -= s.send(bytes(min(left, 65536)))
    s.shutdown(socket.SHUT_WR)
    while s.recv(65536): pass
def take(s):
    while s.recv(65536): pass
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
if role in ("serve", "receive"):
    s.bind(("%s", 80)); s.listen(1); s, _ = s.accept()
else: s.connect(("%s", 80))
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, control.encode())
if role == "serve": s.recv(1); send(s)
elif role == "upload": send(s)
elif role == "fetch": s.send(b"?"); take(s)
else: take(s)
s.close()
''' % (B, B)


def prepare():
    os.makedirs(WORK + "/www", exist_ok=True)
    sh("gcc", "-O2", "-o", WORK + "/linkemu", HERE + "/linkemu.c")
    stream = random.Random(7)
    for index, size in enumerate(OBJECTS):
        with open(f"{WORK}/www/o{index:02d}.bin", "wb") as file: file.write(stream.randbytes(size))
    # What is not on the list, no namespace may choose.
    allowed = "/proc/sys/net/ipv4/tcp_allowed_congestion_control"
    known = open(allowed.replace("allowed", "available")).read()
    with open(allowed, "w") as file: file.write(known)
    with open(WORK + "/peer.py", "w") as file: file.write(PEER)
    sh("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", WORK + "/key.pem", "-out",
       WORK + "/cert.pem", "-days", "3650", "-subj", "/CN=server.test", "-addext", "subjectAltName=IP:" + B)
    with open(WORK + "/nginx.conf", "w") as file:
        file.write(f"""daemon off; worker_processes 1; pid {WORK}/nginx.pid; error_log {WORK}/error.log; user root;
events {{ }}
http {{ access_log off; client_body_temp_path {WORK}/cb; proxy_temp_path {WORK}/px; fastcgi_temp_path {WORK}/fc;
 uwsgi_temp_path {WORK}/uw; scgi_temp_path {WORK}/sc; server {{ listen 80; root {WORK}/www; }}
 server {{ listen 443 ssl http2; ssl_certificate {WORK}/cert.pem; ssl_certificate_key {WORK}/key.pem;
  root {WORK}/www; }} }}""")


def start_server(run):
    if run["program"] in ("bulk", "upload"):
        role = "serve" if run["program"] == "bulk" else "receive"
        command = ["python3", WORK + "/peer.py", role, str(run["bytes"]), run["control"]]
    else:
        command = ["nginx", "-c", WORK + "/nginx.conf"]
    return subprocess.Popen(inside("labb", *command), stderr=subprocess.DEVNULL)


def run_client(run):
    """Gives curl's own figures by object: URL, version, seconds until connected, until TLS was done, until the
    first byte, in all; bytes."""
    if run["program"] in ("bulk", "upload"):
        role = "fetch" if run["program"] == "bulk" else "upload"
        subprocess.run(inside("laba", "python3", WORK + "/peer.py", role, str(run["bytes"]), run["control"]),
                       timeout=120, check=True)
        return None
    options = {"h1": ["--http1.1"], "h1-tls13": ["--http1.1"], "h2": ["--http2", "--parallel"]}[run["program"]]
    base = f"http://{B}" if run["program"] == "h1" else f"https://{B}"
    figures = "%{url} %{http_version} %{time_connect} %{time_appconnect} %{time_starttransfer} %{time_total} %{size_download}\\n"
    command = ["curl", "-sk", "-w", figures, *options]
    for index in run["objects"]: command += ["-o", "/dev/null", f"{base}/o{index:02d}.bin"]
    return subprocess.run(inside("laba", *command), capture_output=True, text=True, timeout=120).stdout.splitlines()


# MARK: The kernel's word

def trace(line, path):
    with open(f"{TRACING}/{path}", "w") as file: file.write(line)


def start_trace():
    if not os.path.exists(TRACING + "/trace"): subprocess.run(["mount", "-t", "tracefs", "none", TRACING])
    trace("mono", "trace_clock"); trace("", "trace")
    for event in ("tcp_retransmit_skb", "tcp_cong_state_set"): trace("1", f"events/tcp/{event}/enable")
    if "stacktrace" not in open(TRACING + "/events/tcp/tcp_retransmit_skb/trigger").read().split("#")[0]:
        trace("stacktrace", "events/tcp/tcp_retransmit_skb/trigger")
    trace("1", "tracing_on")


def stop_trace():
    """Gives (time, port, cause) of each call that sends segments again, in the clock of the captures."""
    trace("0", "tracing_on")
    ahead = time.time_ns() - time.monotonic_ns()
    calls, states = [], {}
    for line in open(TRACING + "/trace"):
        event = re.search(r" (\d+)\.(\d+): (tcp_\w+): .*?sport=(\d+) dport=(\d+)", line)
        if event:
            seconds, micros, name, sport, dport = event.groups()
            ports = (int(sport), int(dport))
            if name == "tcp_cong_state_set":
                states[ports] = int(re.search(r"cong_state=(\d+)", line)[1])
            else:
                at = int(seconds) * 10**9 + int(micros) * 1000 + ahead
                # 4 is TCP_CA_Loss: a time-out goes on until what was under way is acknowledged.
                calls.append([at, ports[0], "timeout" if states.get(ports) == 4 else "fast"])
        elif calls and "tcp_send_loss_probe" in line: calls[-1][2] = "tail_probe"
        elif calls and "tcp_retransmit_timer" in line: calls[-1][2] = "timeout"
    return calls


def counters(space):
    lines = sh(*inside(space, "cat", "/proc/net/netstat", "/proc/net/snmp")).splitlines()
    values = {}
    for names, numbers in zip(lines[::2], lines[1::2]): values.update(zip(names.split(), numbers.split()))
    kept = ("TCPTimeouts", "TCPLossProbes", "TCPLossProbeRecovery", "TCPFastRetrans", "TCPSlowStartRetrans",
            "TCPSpuriousRTOs", "TCPDSACKRecv", "RetransSegs")
    return {name: int(values.get(name, 0)) for name in kept if int(values.get(name, 0))}


# MARK: The key

def read_log(path):
    packets, arrivals = {"ab": [], "ba": []}, []
    for line in open(path):
        word, way, number, *rest = line.split()
        if word == "sent":
            at, identification, size, payload, sequence, flags = map(int, rest[:6])
            packets[way].append(dict(way=way, sent=int(number), at=at, identification=identification,
                ip_bytes=size, payload=payload, sequence=sequence, flags=flags, fate=rest[6], arrived=[]))
        else: arrivals.append((way, int(number), int(rest[0])))
    for way in packets:
        by_number = {p["sent"]: p for p in packets[way]}
        for arrived in arrivals:
            if arrived[0] == way: by_number[arrived[1]]["arrived"].append(arrived[2])
    return packets


def ports(path):
    """The ports of each packet of a capture, by its number."""
    data, at, result = open(path, "rb").read(), 24, [None]
    while at < len(data):
        tcp = data[at + 16 + (data[at + 16] & 15) * 4:]
        result.append((int.from_bytes(tcp[:2], "big"), int.from_bytes(tcp[2:4], "big")))
        at += 16 + int.from_bytes(data[at + 8:at + 12], "little")
    return result


def judge(packets, port_list, calls):
    """Marks what was sent again, whether it need not have been, and what the network made late."""
    flows = {}
    for p in packets:
        p["length"] = p["payload"] + (1 if p["flags"] & 3 else 0)
        p["ports"] = port_list[p["sent"]]
        if p["payload"] >= 0 and p["length"] > 0: flows.setdefault(p["ports"], []).append(p)
    for flow in flows.values():
        first = flow[0]["sequence"]
        highest = 0
        for index, p in enumerate(flow):
            p["start"] = (p["sequence"] - first) % 2**32
            p["end"] = p["start"] + p["length"]
            p["again"] = p["start"] < highest
            highest = max(highest, p["end"])
        for index, p in enumerate(flow):
            if p["again"]:
                covered = p["start"]
                for other in sorted(flow[:index], key=lambda o: o["start"]):
                    if other["arrived"] and other["start"] <= covered: covered = max(covered, other["end"])
                p["needless"] = covered >= p["end"]
                near = [c for c in calls if c[1] == p["ports"][0] and -20_000_000 < c[0] - p["at"] < 1_000_000]
                p["trigger"] = "handshake" if p["flags"] & 2 else near[-1][2] if near else "unknown"
        for index, p in enumerate(flow):
            p["late"] = bool(p["arrived"]) and not p["again"] and any(
                o["start"] >= p["end"] and o["arrived"] and o["arrived"][0] < p["arrived"][0] for o in flow[index + 1:])
    return [p for flow in flows.values() for p in flow]


def describe(run, prefix, calls):
    key = dict(lost_packets=[], lost_acks=[], late=[], copies=[], resent=[])
    for way, packets in read_log(prefix + ".log").items():
        direction = "client→server" if way == "ab" else "server→client"
        placed = judge(packets, ports(f"{prefix}-{'a' if way == 'ab' else 'b'}.pcap"), calls)
        for p in packets:
            if p["fate"] in ("lost", "overflow") and p["length"] <= 0:
                key["lost_acks"].append(dict(direction=direction, sent=p["sent"]))
            if len(p["arrived"]) > 1:
                key["copies"].append(dict(direction=direction, arrived=p["arrived"][1], payload=p["payload"]))
        for p in sorted(placed, key=lambda p: p["sent"]):
            common = dict(direction=direction, sent=p["sent"])
            if p["fate"] in ("lost", "overflow"):
                key["lost_packets"].append(dict(common, ip_bytes=p["ip_bytes"], payload=p["payload"], cause=p["fate"]))
            if p["late"]: key["late"].append(dict(direction=direction, arrived=p["arrived"][0]))
            if p["again"]:
                key["resent"].append(dict(common, arrived=p["arrived"][0] if p["arrived"] else None,
                                          trigger=p["trigger"], needless=p["needless"]))
    return key


# MARK: Runs

def record(run, out):
    prefix = f"{WORK}/{run['name']}"
    for space in ("laba", "labb"):
        subprocess.run(["ip", "netns", "del", space], capture_output=True)
        sh("ip", "netns", "add", space)
    link = dict(rate_ab=run["rate"], rate_ba=run["rate"], delay_ab=run["rtt"] / 2, delay_ba=run["rtt"] / 2,
                queue_ab=run["queue"], queue_ba=run["queue"], snap=run["snap"], out=prefix, **run["troubles"])
    emulator = subprocess.Popen([WORK + "/linkemu", "laba", A, "labb", B, *(f"{k}={v}" for k, v in link.items())],
                                stdout=subprocess.PIPE, text=True)
    emulator.stdout.readline()
    for space in ("laba", "labb"):
        sh(*inside(space, "sysctl", "-qw", "net.ipv4.tcp_no_metrics_save=1",
                   "net.ipv4.tcp_congestion_control=" + run["control"], *run["sysctls"]))
    server = start_server(run)
    time.sleep(0.4)
    start_trace()
    try: figures = run_client(run)
    finally:
        time.sleep(0.2 + run["rtt"] / 500)
        calls = stop_trace()
        counted = dict(client=counters("laba"), server=counters("labb"))
        server.terminate(); server.wait(); time.sleep(0.1); emulator.terminate(); emulator.wait()
    for side, suffix in (("a", ""), ("b", "-server")): shutil.copy(f"{prefix}-{side}.pcap", f"{out}/{run['name']}{suffix}.pcap")
    row = dict(file=run["name"] + ".pcap", program=run["program"], control=run["control"],
               link=dict(rate_mbps=run["rate"], rtt_ms=run["rtt"], queue_packets=run["queue"], **run["troubles"]))
    if run["sysctls"]: row["sysctls"] = run["sysctls"]
    return dict(row, counters=counted, client=figures, **describe(run, prefix, calls))


def make(name, program, rate=10, rtt=40, queue=100, bytes=150_000, control="cubic", objects=range(4), snap=120,
         sysctls=(), **troubles):
    return dict(name=name, program=program, rate=rate, rtt=rtt, queue=queue, bytes=bytes, control=control,
                objects=list(objects), snap=snap, sysctls=list(sysctls), troubles=troubles)


NO_TIMESTAMPS, NO_SACK = "net.ipv4.tcp_timestamps=0", "net.ipv4.tcp_sack=0"

if __name__ == "__main__":
    out = os.path.abspath(sys.argv[1])
    os.makedirs(out, exist_ok=True)
    prepare()
    from runs import runs
    chosen = [run for run in runs(make) if not sys.argv[2:] or run["name"] in sys.argv[2:]]
    rows = [record(run, out) for run in chosen]
    with open(out + "/key.json", "w") as file: json.dump(rows, file, indent=1, ensure_ascii=False)
