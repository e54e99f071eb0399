/* Every page's behaviour. Each module listens on the document for its own data attributes, so that
   content which htmx brings later needs no further start. */
import "./theme.js";
import "./disclosure.js";
import "./dialog.js";
import "./toast.js";
import "./forms.js";
import "./bulk.js";
import "./copy.js";
import "./offline.js";
import "./requests.js";
import "./text.js";
import "./worker.js";
