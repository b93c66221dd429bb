import { followSelections } from "./behaviours/bulk.ts";
import { spellDates } from "./behaviours/dates.ts";
import { forgetSentDrafts, keepDrafts } from "./behaviours/drafts.ts";
import { guardForms } from "./behaviours/forms.ts";
import { settlePage } from "./behaviours/page.ts";
import { listenToKeys, offerKeyTable } from "./behaviours/shortcuts.ts";
import "./elements/file-upload.ts";
import "./elements/live-counters.ts";
import "./elements/people-picker.ts";
import "./elements/recipient-search.ts";
import "./elements/signing-wait.ts";

document.documentElement.classList.add("js");

/** What belongs to the elements of the page; runs again when an answer replaces the body. */
function enhance(): void {
  offerKeyTable();
  followSelections();
  forgetSentDrafts();
  keepDrafts();
  spellDates();
  settlePage();
}

guardForms();
listenToKeys();
enhance();
document.addEventListener("vanthu:page", enhance);
