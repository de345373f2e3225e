#!/bin/bash
# The guests that are shipped built are what their sources make, to the byte.
exec "$WEFT_SOURCE_DIR/scripts/guests" --check
