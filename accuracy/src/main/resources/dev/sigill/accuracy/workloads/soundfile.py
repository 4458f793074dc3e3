import io

import numpy as np
import soundfile as s

a = np.sin(np.arange(20000) / 9) / 2
for kind, sub in (("WAV", "PCM_16"), ("FLAC", "PCM_16"), ("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", "MPEG_LAYER_III")):
    out = io.BytesIO()
    s.write(out, a, 48000, format=kind, subtype=sub)
    s.read(io.BytesIO(out.getvalue()))
