package dev.sigill.analysis;

/**
 * A branch on a CPU check one side of which ends the program.
 *
 * @param block the block that ends in the branch
 * @param implied the guard of the side that goes on: what the check insists on
 * @param message the texts that the other side uses, joined; may be empty
 */
record Refusal(int block, int implied, String message) {}
