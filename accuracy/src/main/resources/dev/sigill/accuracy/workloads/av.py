import io

import av
import numpy as np

out = io.BytesIO()
for codec, kind in (("mpeg4", "mp4"), ("libx264", "mp4"), ("libvpx", "webm")):
    out = io.BytesIO()
    with av.open(out, "w", format=kind) as c:
        s = c.add_stream(codec, rate=10)
        s.width, s.height, s.pix_fmt = 96, 64, "yuv420p"
        s.codec_context.thread_count = 1
        for i in range(6):
            f = av.VideoFrame.from_ndarray(np.full((64, 96, 3), i * 40, "u1"), format="rgb24")
            c.mux(s.encode(f))
        c.mux(s.encode())
    with av.open(io.BytesIO(out.getvalue())) as c:
        assert sum(1 for _ in c.decode(video=0)) == 6
