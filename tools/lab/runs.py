"""The runs of traces/lab, as `record.py` makes them. The responses of h1 are of 12, 3, 30 and 60 kB: of what the server
sends with data, packets 1-9, 10-12, 13-33 and 34-75."""
NO_TIMESTAMPS, NO_SACK = "net.ipv4.tcp_timestamps=0", "net.ipv4.tcp_sack=0"


def runs(make):
    return [
        # The SYN-ACK, and the first request.
        make("h1-opening", "h1", objects=(0, 2), snap=400, minlen=0, drop_ba="1", drop_ab="4"),
        # The last packet of a response, and its probe; the last two of another behind a hole.
        make("h1-tail", "h1", snap=400, drop_ba="9*2,20,32,33"),
        # Six in a row; one whose first two repetitions are lost too; the last.
        make("burst", "bulk", rate=50, rtt=150, bytes=120_000, drop_ba="12,13,14,15,16,17,40*3,83"),
        # Late by so much that they are sent again.
        make("late", "bulk", bytes=120_000, sysctls=[NO_TIMESTAMPS], late_ba="20,40,41", late_ms=80),
        make("copies", "h2", objects=(0, 2, 3), copy_ba="5,20,40,41", late_ba="30,50", late_ms=5, copy_ms=3,
             loss_ab=0.2, seed=3),
        make("overflow", "bulk", queue=20, bytes=200_000),
        make("nosack", "upload", rate=2, rtt=10, bytes=80_000, control="bbr", sysctls=[NO_SACK],
             drop_ab="15,16,40*2"),
    ]
