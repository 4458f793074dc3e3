/**
 * Unpacks Zstandard (RFC 8878), which {@code .conda} packages and image layers are packed with.
 *
 * <p>In: bytes of one or more frames. Out: an input stream, {@link
 * dev.sigill.source.zstd.ZstandardInputStream}. Windows of up to 256 MiB are taken, as {@code zstd
 * --ultra -22} writes them; dictionaries are not. Nothing is written here, and no container is
 * known.
 */
@NullMarked
package dev.sigill.source.zstd;

import org.jspecify.annotations.NullMarked;
