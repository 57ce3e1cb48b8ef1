"""What schemathesis cannot know by itself: how a WebAssembly module is sent."""

import schemathesis


@schemathesis.serializer("application/wasm")
def as_it_is(ctx, value):
    return value if isinstance(value, bytes) else str(value).encode()
