import asyncio

import aiohttp
from aiohttp import web


async def main():
    async def hello(request):
        ws = web.WebSocketResponse()
        if ws.can_prepare(request):
            await ws.prepare(request)
            async for m in ws:
                await ws.send_str(m.data[::-1])
            return ws
        return web.json_response({"got": (await request.text())[:9]})

    app = web.Application()
    app.router.add_route("*", "/", hello)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/"
    async with aiohttp.ClientSession() as s:
        async with s.post(url, data="x" * 9000) as r:
            assert (await r.json())["got"] == "x" * 9
        async with s.ws_connect(url, compress=15) as w:
            await w.send_str("abc" * 300)
            assert (await w.receive()).data == "cba" * 300
    await runner.cleanup()


asyncio.run(main())
