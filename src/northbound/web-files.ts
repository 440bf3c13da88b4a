/** Serves the web view's built files at `/`. */
import { resolve, sep } from 'node:path';
import express from 'express';
import type { RequestHandler } from 'express';

/** Vite names the files in it by their content, so they never change. */
const HASHED_FOLDER = 'assets';
const KEEP = 'public, max-age=31536000, immutable';
const ASK_AGAIN = 'no-cache';

/** Without a web view, `/` leads to the API's page, so that a first look at the server shows something. */
export function webFiles(webRoot: string | undefined): RequestHandler {
  if (webRoot === undefined) {
    return (req, res, next) => {
      if (req.method === 'GET' && req.path === '/') res.redirect(302, '/api/v1/docs');
      else next();
    };
  }
  const hashed = resolve(webRoot, HASHED_FOLDER) + sep;
  return express.static(resolve(webRoot), {
    cacheControl: false,
    setHeaders: (res, path) => res.setHeader('Cache-Control', path.startsWith(hashed) ? KEEP : ASK_AGAIN),
  });
}
