#include "runtime/failure.h"

#include "runtime/hosted/hosted.h"

weft_error_t *weft_hosted_failure(hosted_t *hosted, wasmtime_error_t *failure) {
    weft_error_t *pending = hosted->pending;
    hosted->pending = NULL;
    if (pending) {
        wasmtime_error_delete(failure);
        return pending;
    }
    if (!wasmtime_error_exit_status(failure, &hosted->exit_status))
        return weft_failure_error(&hosted->guard.limits, failure);
    hosted->exited = true;
    wasmtime_error_delete(failure);
    return weft_error_new(WEFT_TRAP, "the guest ended the program with status %d",
                          hosted->exit_status);
}
