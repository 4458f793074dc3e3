import asyncio

import uvloop


async def main():
    async def echo(r, w):
        w.write((await r.readexactly(30000))[::-1])
        await w.drain()
        w.close()

    s = await asyncio.start_server(echo, "127.0.0.1", 0)
    r, w = await asyncio.open_connection(*s.sockets[0].getsockname())
    w.write(b"abc" * 10000)
    assert await r.readexactly(30000) == b"cba" * 10000
    await asyncio.gather(*(asyncio.sleep(0.001) for _ in range(50)))
    await asyncio.get_running_loop().getaddrinfo("127.0.0.1", 80)


uvloop.run(main())
