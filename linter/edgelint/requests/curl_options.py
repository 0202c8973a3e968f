"""The options of `curl` as data: which take a value, which say something about the request, and which change nothing in it."""

from __future__ import annotations

SHORT = dict(
    pair.split("=")
    for pair in (
        "X=request H=header A=user-agent e=referer b=cookie u=user d=data F=form r=range G=get I=head g=globoff"
        " L=location k=insecure s=silent S=show-error v=verbose i=include f=fail o=output O=remote-name w=write-out"
        " m=max-time N=no-buffer 4=ipv4 6=ipv6 E=cert D=dump-header q=disable j=junk-session-cookies J=remote-header-name"
        " R=remote-time #=progress-bar c=cookie-jar x=proxy U=proxy-user p=proxytunnel Z=parallel y=speed-time Y=speed-limit"
        " 0=http1.0 1=tlsv1 2=sslv2 3=sslv3 C=continue-at T=upload-file K=config n=netrc z=time-cond h=help V=version"
        " M=manual B=use-ascii a=append l=list-only P=ftp-port Q=quote t=telnet-option"
    ).split()
) | {":": "next"}
"""The long names of one-letter options."""

VALUES = frozenset(
    "request header user-agent referer cookie user data data-ascii data-raw data-binary data-urlencode json form"
    " form-string url url-query range oauth2-bearer".split()
)
"""Options with a value that goes into the request."""

FLAGS = frozenset("get head compressed globoff path-as-is http2 basic".split())
"""Options without a value that matter."""

IGNORED_VALUES = frozenset(
    "output output-dir write-out max-time connect-timeout cacert capath cert cert-type key key-type pass ciphers tls-max"
    " tls13-ciphers curves pinnedpubkey crlfile dump-header cookie-jar stderr trace trace-ascii libcurl limit-rate"
    " speed-time speed-limit retry retry-delay retry-max-time max-redirs max-filesize keepalive-time resolve connect-to"
    " interface local-port dns-servers dns-interface dns-ipv4-addr dns-ipv6-addr doh-url happy-eyeballs-timeout-ms proto"
    " proto-redir proxy proxy-user proxy-header preproxy noproxy socks4 socks4a socks5 socks5-hostname alt-svc hsts"
    " etag-save create-file-mode parallel-max rate expect100-timeout".split()
)
"""Options with a value that say where a request goes, how it is encrypted, or what becomes of the answer."""

IGNORED_FLAGS = frozenset(
    "location location-trusted insecure silent show-error verbose include fail fail-early fail-with-body remote-name"
    " remote-name-all remote-header-name remote-time no-buffer ipv4 ipv6 disable junk-session-cookies progress-bar"
    " no-progress-meter no-keepalive no-sessionid no-alpn no-npn no-clobber parallel parallel-immediate proxytunnel"
    " http1.1 http2-prior-knowledge http3 http3-only http0.9 tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 sslv2 sslv3 ssl"
    " ssl-reqd ssl-no-revoke ssl-revoke-best-effort ssl-allow-beast cert-status false-start tcp-fastopen tcp-nodelay"
    " create-dirs remove-on-error retry-all-errors retry-connrefused raw post301 post302 post303 styled-output"
    " trace-time trace-ids xattr disallow-username-in-url compressed-ssh suppress-connect-headers"
    " ignore-content-length doh-insecure doh-cert-status proxy-insecure use-ascii".split()
)
"""Options without a value that change nothing in the first request."""

REFUSED = {
    "next": "begins another request, trace them one by one",
    "config": "reads more options from a file",
    "netrc": "reads user and password from a file",
    "netrc-file": "reads user and password from a file",
    "netrc-optional": "reads user and password from a file",
    "upload-file": "sends a file, whose size is not known here",
    "continue-at": "asks for a part that depends on a file",
    "time-cond": "depends on a date or a file, write the header out",
    "etag-compare": "reads a header from a file",
    "digest": "answers a challenge of the server, which is not known here",
    "ntlm": "answers a challenge of the server, which is not known here",
    "negotiate": "answers a challenge of the server, which is not known here",
    "anyauth": "answers a challenge of the server, which is not known here",
    "aws-sigv4": "signs the request with the time of day",
    "tr-encoding": "asks for what servers refuse",
    "http1.0": "speaks HTTP/1.0, which is not modelled",
    "haproxy-protocol": "speaks a protocol before HTTP, which is not modelled",
    "unix-socket": "does not go to a host",
    "abstract-unix-socket": "does not go to a host",
    "help": "sends no request",
    "version": "sends no request",
    "manual": "sends no request",
}
"""Options that cannot be followed here, and why."""
