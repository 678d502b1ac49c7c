import { describe, expect, it } from 'vitest';
import { readStatement } from '../src/engine/sql.js';

describe('what the door reads of a statement', () => {
  it('finds the format of a query, and only where it is the clause', () => {
    expect(readStatement('SELECT 1 FORMAT JSON')).toEqual({
      ...{ kind: 'read', head: 'SELECT 1 ', format: 'JSON', tail: '' },
    });
    expect(readStatement('select 1 format CSV settings max_threads = 1;')).toMatchObject({
      ...{ format: 'CSV', tail: ' settings max_threads = 1' },
    });
    for (const sql of [
      `SELECT 'x FORMAT JSON'`,
      'SELECT 1 -- FORMAT JSON',
      'SELECT 1 /* FORMAT JSON */',
      'SELECT format FROM t',
      'SELECT {format: String}',
      'SELECT (SELECT 1 FORMAT Null) AS x',
      'SELECT $a$ FORMAT JSON $a$',
      'SELECT `a;FORMAT JSON`',
    ]) {
      expect(readStatement(sql), sql).toMatchObject({ kind: 'read', format: undefined });
    }
  });

  it('tells reading from all else', () => {
    for (const sql of [
      'WITH 1 AS x SELECT x',
      '(SELECT 1)',
      '-- hello\nSHOW TABLES',
      'explain select 1',
    ]) {
      expect(readStatement(sql).kind, sql).toBe('read');
    }
    for (const sql of [
      'CREATE TABLE t (a UInt8) ENGINE = Memory',
      'INSERT INTO t SELECT 1',
      'OPTIMIZE TABLE t',
    ]) {
      expect(readStatement(sql).kind, sql).toBe('other');
    }
  });

  it('finds where the data of an insert begin', () => {
    const data = '\n\x00\xff; SELECT 1';
    const sql = `INSERT INTO d.t (a, \`FORMAT\`) SETTINGS async_insert = 0 FORMAT RowBinary\n${data}`;
    expect(readStatement(sql)).toEqual({
      kind: 'insert',
      head: 'INSERT INTO d.t (a, `FORMAT`) ',
      settings: 'SETTINGS async_insert = 0 ',
      format: 'RowBinary',
      dataAt: sql.length - data.length,
    });
    const values = `INSERT INTO t VALUES (1, ';')`;
    expect(readStatement(values)).toMatchObject({ format: 'Values', dataAt: values.indexOf('(1') });
    expect(readStatement('INSERT INTO t')).toMatchObject({ kind: 'insert', format: 'Values' });
  });

  it('refuses several statements, none, and files of its own', () => {
    expect(() => readStatement('SELECT 1; DROP TABLE t')).toThrow(/several statements/);
    expect(() => readStatement(' -- nothing\n')).toThrow(/empty query/);
    expect(() => readStatement(`SELECT 1 INTO OUTFILE '/tmp/x'`)).toThrow(/not allowed/);
    expect(() => readStatement(`INSERT INTO t FROM INFILE '/etc/passwd' FORMAT CSV`)).toThrow(
      /not allowed/,
    );
    expect(readStatement(`SELECT ';'; `).kind).toBe('read');
  });

  it('walks unclosed quotes and comments to their end, not for ever', () => {
    for (const sql of [
      `SELECT 'a`,
      'SELECT /* a',
      'SELECT $x$ a',
      'SELECT "',
      'SELECT )))',
      "SELECT '\\",
    ]) {
      expect(readStatement(sql).kind, sql).toBe('read');
    }
  });
});
