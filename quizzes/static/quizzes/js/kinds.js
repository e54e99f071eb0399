/* How each kind of question reads its answer off the page and shows one. A kind is {read(box), write(box, answer)} and
   may have {setUp(box, changed)}, run once; `changed` tells that the answer is another one now. */
import { essay } from "./kinds/essay.js";
import { hotspot } from "./kinds/hotspot.js";
import { ordering } from "./kinds/ordering.js";

const parts = (box, selector = "[data-part]") => [...box.querySelectorAll(selector)];
const filled = (pairs) => (pairs.length ? Object.fromEntries(pairs) : null);

/** Set a field only when that changes it: setting moves the cursor of whoever types in it. */
export function fill(field, value) {
  if (field.value !== value) field.value = value;
}

/** A kind with one text field, whose answer is {[name]: text}. */
function typed(name) {
  return {
    read(box) {
      const text = box.querySelector("[data-typed]").value.trim();
      return text ? { [name]: text } : null;
    },
    write(box, answer) {
      const field = box.querySelector("[data-typed]");
      if (field.value.trim() !== (answer?.[name] ?? "")) fill(field, answer?.[name] ?? "");
    },
  };
}

/** A kind with one field for each part, whose answer is {[name]: {part: value}}. */
function fields(name) {
  return {
    read(box) {
      const given = filled(parts(box).map((field) => [field.dataset.part, field.value.trim()]).filter(([, value]) => value));
      return given && { [name]: given };
    },
    write(box, answer) {
      for (const field of parts(box)) {
        const value = answer?.[name]?.[field.dataset.part] ?? "";
        if (field.value.trim() !== value) fill(field, value);
      }
    },
  };
}

export const kinds = {
  single_choice: {
    read(box) {
      const input = box.querySelector("input:checked");
      return input ? { choice: input.value } : null;
    },
    write(box, answer) {
      for (const input of box.querySelectorAll("input[type=radio]")) input.checked = input.value === answer?.choice;
    },
  },
  multiple_response: {
    read(box) {
      const choices = parts(box, "input:checked").map((input) => input.value);
      return choices.length ? { choices } : null;
    },
    write(box, answer) {
      for (const input of box.querySelectorAll("input[type=checkbox]")) {
        input.checked = answer?.choices?.includes(input.value) ?? false;
      }
    },
  },
  true_false_group: {
    read(box) {
      const given = filled(parts(box, "input:checked").map((input) => [input.dataset.part, input.value === "1"]));
      return given && { statements: given };
    },
    write(box, answer) {
      for (const input of box.querySelectorAll("input[type=radio]")) {
        input.checked = answer?.statements?.[input.dataset.part] === (input.value === "1");
      }
    },
  },
  short_text: typed("text"),
  numeric: typed("number"),
  matching: fields("pairs"),
  gap_text: fields("gaps"),
  ordering,
  hotspot,
  essay,
};
