/** A page to read and try the API, from this server alone: no script, style or picture comes from elsewhere. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const DOCS_PATH = '/api/v1/docs';

export const DOCS_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Signalbox API</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${DOCS_PATH}/swagger-ui.css" />
  </head>
  <body>
    <div id="api"></div>
    <script src="${DOCS_PATH}/swagger-ui-bundle.js"></script>
    <script src="${DOCS_PATH}/start.js"></script>
  </body>
</html>
`;

/** A file of its own, since the content security policy forbids scripts in the page. The validator would be a foreign site. */
export const DOCS_START_SCRIPT = `SwaggerUIBundle({
  url: '/api/v1/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  validatorUrl: null,
  displayRequestDuration: true,
});
`;

/** Files of swagger-ui-dist that the page needs, by name, and no others. */
export function docsFiles(): ReadonlyMap<string, string> {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  return new Map(['swagger-ui.css', 'swagger-ui-bundle.js'].map((name) => [name, join(folder, name)]));
}
