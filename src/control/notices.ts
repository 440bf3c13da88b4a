/** What people must be told, told in the log. */
import type { Logger } from 'pino';
import type { Notice, NoticeHandler } from '../core/notice.ts';

const LEVELS = { info: 'info', warning: 'warn', alarm: 'error' } as const satisfies Record<Notice['severity'], string>;

export function logNotices(logger: Logger): NoticeHandler {
  return ({ type, severity, subject, message, cause }) => {
    logger[LEVELS[severity]]({ type, ...subject, cause }, message);
  };
}
