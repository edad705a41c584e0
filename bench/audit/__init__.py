"""The log measured: writing, growing, proving, verifying, beside what disk and processor can do at all."""
