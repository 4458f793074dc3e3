from lxml import etree, html

x = etree.fromstring("<a>" + "".join(f"<b i='{i}'>text {i}</b>" for i in range(500)) + "</a>")
assert len(x.xpath("//b[@i > 250]")) == 249
etree.XSLT(etree.fromstring('<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="b"><c><xsl:value-of select="."/></c></xsl:template></xsl:stylesheet>'))(x)
html.fromstring("<p>Hello<br>there<table><tr><td>1</table>").text_content()
etree.tostring(x, method="c14n"), etree.RelaxNG(etree.fromstring('<element name="a" xmlns="http://relaxng.org/ns/structure/1.0"><zeroOrMore><element name="b"><attribute name="i"/><text/></element></zeroOrMore></element>')).validate(x)
