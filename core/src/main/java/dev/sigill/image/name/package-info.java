/** Names as compilers write them, made readable. */
@NullMarked
package dev.sigill.image.name;

import org.jspecify.annotations.NullMarked;
