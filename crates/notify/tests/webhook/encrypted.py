"""An HTTPS endpoint for the tests of this crate, with `server.pem` and `server.key` of the current folder.

It prints its port, and answers each call with what it was sent.
"""

import http.server
import ssl


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        answer = f"POST {self.path} {self.headers['Authorization']} {body}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments):
        pass


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("server.pem", "server.key")
server = http.server.HTTPServer(("127.0.0.1", 0), Hook)
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
