"""How do phones reach a house by https? The configuration of a proxy with a public certificate, written for a person.

A certificate of the house's own would ask every guest to trust it for the whole web: none is ever made.
"""

from dreamloom.vocabulary.errors import UsageError

CADDY = """# Caddyfile. Caddy asks for the certificate of this name by itself and renews it; the name has to lead here,
# and ports 80 and 443 have to be reachable (or give Caddy a DNS provider, where the house is not to be).
{name} {{
    reverse_proxy 127.0.0.1:{port} {{
        header_up Host {{host}}
    }}
}}
"""
NGINX = """# For nginx, as a file in its http block. The certificate of this name comes from elsewhere,
# for example from certbot.
server {{
    listen 443 ssl;
    http2 on;
    server_name {host};
    ssl_certificate     /etc/letsencrypt/live/{host}/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/{host}/privkey.pem;
    location / {{
        proxy_pass http://127.0.0.1:{port};
        proxy_http_version 1.1;
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Forwarded-Proto https;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection "upgrade";
        proxy_buffering off;
        proxy_read_timeout 1h;
    }}
}}
"""
KINDS = {"caddy": CADDY, "nginx": NGINX}


def config(kind: str, *, name: str, port: int) -> str:
    """The text for a proxy on this machine.

    Raises:
        UsageError: DL-E145 for a proxy that is not known.
    """
    if kind not in KINDS:
        raise UsageError("DL-E145", f"No configuration is written for {kind!r}.", do=f"Name one of {', '.join(KINDS)}.")
    return KINDS[kind].format(name=name, host=name.partition(":")[0], port=port)
