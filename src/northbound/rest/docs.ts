/** GET /openapi.json, and /docs: the page that shows it. */
import { z } from 'zod';
import { ProblemError } from '../http/problem.ts';
import { DOCS_PAGE, DOCS_START_SCRIPT, docsFiles } from '../openapi/docs-page.ts';
import type { OpenApiDocument } from '../openapi/document.ts';
import { jsonRoute, plainRoute } from './route.ts';
import type { Route } from './route.ts';

const DocumentJson = z.looseObject({ openapi: z.string() }).meta({ description: 'An OpenAPI 3.1 document' });

/** `document` is asked for at each request: these routes are part of what it describes. */
export function docsRoutes(document: () => OpenApiDocument): readonly Route[] {
  const files = docsFiles();
  return [
    jsonRoute({
      method: 'get',
      path: '/api/v1/openapi.json',
      tag: 'controller',
      summary: 'This document',
      answer: { schema: DocumentJson, statuses: { 200: 'The OpenAPI 3.1 document' } },
      handle: () => ({ body: { ...document() } }),
    }),
    plainRoute({
      method: 'get',
      path: '/api/v1/docs',
      tag: 'controller',
      summary: 'A page to read and try this API',
      answer: { contentType: 'text/html', description: 'The page; it works without internet' },
      handle: () => ({ kind: 'text', contentType: 'text/html; charset=utf-8', text: DOCS_PAGE }),
    }),
    plainRoute({
      method: 'get',
      path: '/api/v1/docs/{file}',
      tag: 'controller',
      summary: 'A file of that page',
      params: z.strictObject({ file: z.string().meta({ param: { example: 'swagger-ui.css' } }) }),
      answer: { contentType: '*/*', description: 'The file' },
      problems: [404],
      handle({ params }) {
        if (params.file === 'start.js') {
          return { kind: 'text', contentType: 'text/javascript; charset=utf-8', text: DOCS_START_SCRIPT };
        }
        const path = files.get(params.file);
        if (path !== undefined) return { kind: 'file', path };
        throw new ProblemError(404, `The page has no file ${params.file}; GET /api/v1/docs is the page.`);
      },
    }),
  ];
}
