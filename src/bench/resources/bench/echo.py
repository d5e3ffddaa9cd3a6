"""An asyncio echo. usage: echo.py PORT stream|once asyncio|uvloop streams|protocol [CERTIFICATE KEY]

`streams once` is the handler of the asyncio documentation: read at most 100 bytes, write, drain, close.
"""

import asyncio
import ssl
import sys

PORT, MODE, LOOP, STYLE = int(sys.argv[1]), *sys.argv[2:5]
TLS = None
if len(sys.argv) > 5:
    TLS = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    TLS.load_cert_chain(*sys.argv[5:7])


async def stream(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    writer.close()


async def once(reader, writer):
    writer.write(await reader.read(100))
    await writer.drain()
    writer.close()


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        if MODE == 'once':
            self.transport.write(data[:100])
            self.transport.close()
        else:
            self.transport.write(data)

    def pause_writing(self):
        self.transport.pause_reading()

    def resume_writing(self):
        self.transport.resume_reading()


async def main():
    if STYLE == 'protocol':
        server = await asyncio.get_running_loop().create_server(Echo, '127.0.0.1', PORT, backlog=100, ssl=TLS)
    else:
        server = await asyncio.start_server(once if MODE == 'once' else stream, '127.0.0.1', PORT, backlog=100, ssl=TLS)
    await server.serve_forever()


if LOOP == 'uvloop':
    import uvloop

    uvloop.install()
asyncio.run(main())
