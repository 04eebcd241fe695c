"use strict";

const reference = document.getElementById("reference");
SwaggerUIBundle({
  domNode: reference,
  url: reference.dataset.document,
  deepLinking: true,
  validatorUrl: null, // the default asks a server outside
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
});
