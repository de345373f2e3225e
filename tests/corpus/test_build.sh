#!/bin/bash
# Makes the corpus that other tests read; it runs before them, as the CTest fixture "corpus".
exec "$WEFT_TESTS_DIR/corpus/build" "$WEFT_CORPUS_DIR"
