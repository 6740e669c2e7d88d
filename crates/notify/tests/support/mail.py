"""A real mail server, and a mail reader that is not ours, for tests.

    mail.py serve [--port N] [--tls starttls|implicit --cert FILE --key FILE]
                  [--user NAME --password TEXT [--mechanism PLAIN|LOGIN]]
    mail.py read FILE...

Both print one JSON object a line. `serve` prints {"port": N} first, then each mail it accepts, and ends when its
standard input does. What it does with a recipient goes by the part before the @: `refused` 550, `later` 451,
`twice` 451 the first two times; with the whole mail: one whose subject holds `spam` 554, `full` 452.
"""

import argparse
import asyncio
import email
import email.header
import email.policy
import email.utils
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


def say(value):
    print(json.dumps(value), flush=True)


def described(content):
    message = email.message_from_bytes(content, policy=email.policy.default)
    # The newer reader puts a blank between the encoded words of one name (Python 3.11), the older one does not.
    older = email.message_from_bytes(content)
    name = lambda encoded: str(email.header.make_header(email.header.decode_header(encoded)))
    people = lambda header: [[name(one), address] for one, address in email.utils.getaddresses(older.get_all(header, []))]
    part = lambda kind: message.get_body((kind,)).get_content().replace("\r\n", "\n")
    return {
        "headers": list(message.keys()),
        "defects": [repr(defect) for one in message.walk() for defect in one.defects],
        "type": message.get_content_type(),
        "from": people("From"),
        "to": people("To"),
        "cc": people("Cc"),
        "subject": message["Subject"],
        "messageId": message["Message-ID"],
        "date": message["Date"].datetime.isoformat(),
        "autoSubmitted": message["Auto-Submitted"],
        "text": part("plain"),
        "html": part("html"),
    }


class Handler:
    put_off = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused@"):
            return "550-5.1.1 nobody here\r\n550 5.1.1 of that\x07 name " + "x" * 400
        if address.startswith("later@"):
            return "451 4.7.1 come back later"
        if address.startswith("twice@") and Handler.put_off < 2:
            Handler.put_off += 1
            return "451 4.7.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = described(envelope.original_content)
        if "spam" in mail["subject"]:
            return "554 5.7.1 this looks like spam"
        if "full" in mail["subject"]:
            return "452 4.3.1 no room at the moment"
        say(
            {
                "sender": envelope.mail_from,
                "recipients": envelope.rcpt_tos,
                "peer": session.peer[1],
                "encrypted": server.transport.get_extra_info("cipher") is not None,
                "user": session.auth_data,
                "mechanism": getattr(session, "mechanism", None),
                "mail": mail,
            }
        )
        return "250 OK"


def check(options):
    def authenticator(server, session, envelope, mechanism, data):
        session.mechanism = mechanism
        name, password = data.login.decode(), data.password.decode()
        if (name, password) == (options.user, options.password):
            return AuthResult(success=True, auth_data=name)
        # What was sent is part of the answer, as careless servers have it.
        return AuthResult(success=False, handled=False, message=f"535 5.7.8 no such user {name} {password}")

    return authenticator


async def serve_until_input_ends(options):
    arguments = {}
    context = None
    if options.tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.cert, options.key)
    if options.tls == "starttls":
        arguments |= {"tls_context": context, "require_starttls": True}
    if options.user:
        others = {"PLAIN", "LOGIN"} - {options.mechanism or "PLAIN", options.mechanism or "LOGIN"}
        arguments |= {"authenticator": check(options), "auth_required": True, "auth_exclude_mechanism": others}
        # Where TLS is from the first byte on, the library does not notice that there is any.
        arguments |= {"auth_require_tls": options.tls == "starttls"}
    loop = asyncio.get_running_loop()
    implicit = context if options.tls == "implicit" else None
    new = lambda: SMTP(Handler(), enable_SMTPUTF8=False, loop=loop, **arguments)
    server = await loop.create_server(new, "127.0.0.1", int(options.port or 0), ssl=implicit)
    say({"port": server.sockets[0].getsockname()[1]})
    await loop.run_in_executor(None, sys.stdin.read)


def serve(options):
    asyncio.run(serve_until_input_ends(options))


def read(options):
    for name in options.files:
        with open(name, "rb") as file:
            say(described(file.read()))


parser = argparse.ArgumentParser()
commands = parser.add_subparsers(required=True)
serving = commands.add_parser("serve")
serving.set_defaults(run=serve)
for option in ("--port", "--tls", "--cert", "--key", "--user", "--password", "--mechanism"):
    serving.add_argument(option)
reading = commands.add_parser("read")
reading.set_defaults(run=read)
reading.add_argument("files", nargs="+")
options = parser.parse_args()
options.run(options)
