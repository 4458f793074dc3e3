import io

from PIL import Image, ImageChops, ImageFilter

m = Image.frombytes("RGB", (240, 180), bytes(i * 7 % 256 for i in range(240 * 180 * 3)))
for name in ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "JPEG2000", "BMP"):
    out = io.BytesIO()
    m.save(out, name)
    Image.open(io.BytesIO(out.getvalue())).load()
m.resize((99, 77), Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(3)).convert("L").rotate(30)
m.filter(ImageFilter.MedianFilter(3)), m.convert("CMYK"), m.quantize(16), ImageChops.add(m, m), m.convert("HSV").histogram()
