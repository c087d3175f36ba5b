# Sockets of the machine that need no file and no network, and names on the network.
import socket
try: listed = open('/proc/net/unix').read().split('\n')[1:]
except OSError: listed = []
for line in listed:
    if '@' in line: print('canary-' '7391', line)
for name in ('localhost', 'pypi.org', '1.1.1.1'):
    try: socket.create_connection((name, 443), 1)
    except OSError: continue
    print('canary-' '7391', name)
try: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('1.1.1.1', 53)); print('canary-' '7391')
except OSError: pass
