/**
 * Instruction sets and their features.
 *
 * <p>{@link dev.sigill.isa.Feature} is one optional part of an instruction set with every spelling
 * it is known by, {@link dev.sigill.isa.FeatureSet} what a machine has, {@link
 * dev.sigill.isa.FeatureTerm} what an instruction needs. Decoders live in {@code x86}. No file
 * format and no machine is known here.
 */
@NullMarked
package dev.sigill.isa;

import org.jspecify.annotations.NullMarked;
