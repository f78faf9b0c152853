"""WebSocket frames before and after the protocol's first message, valid and not."""

import asyncio
import struct
from urllib.parse import urlsplit

from tests.fuzz.run import Run
from tests.fuzz.values import JSON_VALUES, mutated

HANDSHAKE = (
    b"GET /graphql HTTP/1.1\r\nhost: %s\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\n"
    b"sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n"
)
INIT = '{"type":"connection_init"}'
MESSAGES = [
    INIT, '{"type":"connection_init","payload":{"authorization":"Bearer x"}}', '{"type":"ping"}',
    '{"type":"pong","payload":7}', '{"type":"ping","payload":{"a":1e400}}', '{"id":"1","type":"complete"}',
    '{"type":"nothing"}', '{"type":["ping"]}', "[]", "null", "",
    '{"id":"1","type":"subscribe","payload":{"query":"{viewer{id}}"}}',
    '{"id":"1","type":"subscribe","payload":{"query":7}}',
    '{"id":"2","type":"subscribe","payload":{"query":"subscription{messageChanged{cursor}}","variables":@}}',
    '{"id":"3","type":"subscribe","payload":{"query":"subscription($a:String){eventAppended(after:$a){cursor}}","variables":{"a":@}}}',
    '{"id":"4","type":"subscribe","payload":{"query":"query($n:Int){messages(first:$n){edges{cursor}}}","variables":{"n":@}}}',
    '{"id":"5","type":"subscribe","payload":{"query":"{viewer{id}}","extensions":@}}',
    '{"id":@,"type":"subscribe","payload":{"query":"{a}"}}',
    '{"id":"6","type":"subscribe","payload":{"query":"subscription($i:ID!){replyStreamed(messageId:$i){text}}","variables":{"i":@}}}',
]  # fmt: skip


def _frame(opcode: int, payload: bytes, *, final: bool = True, masked: bool = True, length: int | None = None) -> bytes:
    size = len(payload) if length is None else length
    head = bytes([(0x80 if final else 0) | opcode])
    mask_bit = 0x80 if masked else 0
    if size < 126:
        head += bytes([mask_bit | size])
    elif size < 2**16:
        head += bytes([mask_bit | 126]) + struct.pack(">H", size)
    else:
        head += bytes([mask_bit | 127]) + struct.pack(">Q", size)
    return head + (b"\0\0\0\0" if masked else b"") + payload


def _frames(run: Run) -> bytes:
    random = run.random
    sent = [_frame(1, INIT.encode())] if random.random() < 0.7 else []
    for _ in range(random.randint(1, 6)):
        text = random.choice(MESSAGES).replace("@", random.choice(JSON_VALUES))
        if random.random() < 0.3:
            text = mutated(random, text)
        payload = text.encode("utf-8", "surrogatepass")
        match random.randrange(8):
            case 0:
                sent.append(_frame(random.randrange(16), payload[:125], final=random.random() < 0.5))
            case 1:
                sent.append(_frame(1, payload, masked=False))
            case 2:
                half = len(payload) // 2
                sent += [_frame(1, payload[:half], final=False), _frame(9, b""), _frame(0, payload[half:])]
            case 3:
                sent.append(
                    _frame(8, random.choice([b"", b"\x03", b"\x03\xe8", b"\x00\x00x", b"\x03\xe8\xff", b"\xff\xff"]))
                )
            case 4:
                sent.append(_frame(1, payload, length=random.choice([0, 2**16, 2**31, 2**63 - 1])))
            case _:
                sent.append(_frame(1, payload))
    return b"".join(sent)


async def _exchange(address: tuple[str, int], frames: bytes) -> bytes:
    """What the server sends until it closes the connection or is silent."""
    reader, writer = await asyncio.open_connection(*address)
    received = b""
    try:
        writer.write(HANDSHAKE % f"{address[0]}:{address[1]}".encode())
        await reader.readuntil(b"\r\n\r\n")
        writer.write(frames)
        async with asyncio.timeout(0.3):
            while chunk := await reader.read(65536):
                received += chunk
    except (TimeoutError, OSError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()
    return received


async def fuzz(run: Run) -> None:
    parts = urlsplit(run.url)
    address = (parts.hostname or "", parts.port or 0)
    while run.goes_on:
        frames = _frames(run)
        received = await run.timed(frames, _exchange(address, frames))
        if received and (b'"INTERNAL"' in received or b"Internal server error" in received):
            run.found(received[-200:].decode("latin-1"), frames)
