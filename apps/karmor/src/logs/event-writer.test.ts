import { describe, expect, it } from 'vitest';
import type { Event } from './event.js';
import { EventWriter } from './event-writer.js';
import { parseLogsOptions } from './logs-options.js';

const alert = (Operation: string): Event => ({
  kind: 'alert',
  alert: {
    Timestamp: 1_687_868_507,
    UpdatedTime: '2023-06-27T12:21:47.932526Z',
    PPID: 1,
    UID: 0,
    Type: 'MatchedPolicy',
    Operation,
  },
});
const message = (Message: string): Event => ({
  kind: 'message',
  message: {
    Timestamp: 1,
    UpdatedTime: '2023-06-27T12:21:47.932526Z',
    ClusterName: 'default',
    HostName: 'node-1',
    Type: 'Message',
    Level: 'WARN',
    Message,
  },
});

interface Written {
  readonly writer: EventWriter;
  readonly events: string[];
  readonly messages: string[];
  readonly notes: string[];
  finished: number;
}

function create(flags: object, isRead = true): Written {
  const written: Omit<Written, 'writer'> = { events: [], messages: [], notes: [], finished: 0 };
  const writer = new EventWriter(
    {
      events: (text) => {
        written.events.push(text);
        return isRead;
      },
      messages: (text) => written.messages.push(text) > 0,
      note: (line) => written.notes.push(line),
      finish: () => {
        result.finished += 1;
      },
    },
    parseLogsOptions(flags),
  );
  const result: Written = { ...written, writer };
  return result;
}

describe('EventWriter', () => {
  it('counts what it has written towards the limit, and then writes no more', () => {
    const written = create({ operation: 'Process', limit: '2', json: true });
    for (const operation of ['File', 'Process', 'File', 'Process', 'Process'])
      written.writer.write(alert(operation));
    expect(written.events).toHaveLength(2);
    expect(written.finished).toBe(1);
  });

  it('ends when nobody reads any more', () => {
    const written = create({}, false);
    written.writer.write(alert('File'));
    written.writer.write(alert('File'));
    expect(written).toMatchObject({ events: [expect.anything()], finished: 1 });
  });

  it('writes messages in the same layout, unfiltered', () => {
    const text = create({ operation: 'x' });
    text.writer.write(message('hello'));
    expect(text.messages).toEqual(['2023-06-27 12:21:47.932526  default  node-1  [WARN]  hello\n']);
    const json = create({ output: 'json' });
    json.writer.write(message('hello'));
    expect(json.messages[0]).toMatch(/^\{"Timestamp":1,.*"Message":"hello"\}\n$/);
    expect(json.notes).toEqual([]);
  });

  it('says what was dropped', () => {
    const written = create({});
    written.writer.write(message('dropped 3 logs: slow-client'));
    expect(written.notes).toEqual(['The agent says: dropped 3 logs: slow-client']);
  });
});
