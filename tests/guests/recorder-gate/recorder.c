#include "recorder_gate.h"

#define WORLD(name) recorder_gate_##name
#include "../recorder/recorder.inc"

exports_weft_hooks_gate_verdict_t exports_weft_hooks_gate_admit(uint32_t target, uint64_t call) {
    record(hook("gate", target, call));
    return EXPORTS_WEFT_HOOKS_GATE_VERDICT_ADMIT;
}

void exports_weft_hooks_fault_report(uint32_t target, uint64_t call, recorder_gate_string_t *text) {
    text_t line = hook("fault", target, call);

    text_add(&line, " ");
    text_add_bytes(&line, text->ptr, text->len);
    record(line);
    recorder_gate_string_free(text);
}
