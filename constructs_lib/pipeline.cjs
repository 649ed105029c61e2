// The Node side of pipeline.py: runs jsii's program, and lets requests follow one another without waiting.
//
//     node pipeline.cjs PROGRAM OUTPUT MARK
//
// PROGRAM is jsii's lib/program.js, which reads requests from and writes responses to file descriptor 3. Both go
// over standard input and output here, without the process in between that jsii puts there. What anyone else
// writes to standard output goes to the descriptor OUTPUT.
//
// A line that begins with "!N " is a request that nobody waits for. Its result is kept under N instead of being
// written: later requests name an object by the id "...@MARK:N" and a text as "${TfToken[MARK:N]}", where MARK is
// nothing that a user could have written. After an error such requests are skipped, and the next one that
// somebody waits for gets the error for an answer.
// "!N* " also makes a stack in which elements are named by Hatchway's rule.
"use strict";

const fs = require("node:fs");
const Module = require("node:module");
const { Writable } = require("node:stream");

const [, , program, output, mark] = process.argv;
const OBJECT = new RegExp(`"[^"]*@${mark}:(\\d+)"`, "g");
const TEXT = new RegExp(`\\$\\{TfToken\\[${mark}:(\\d+)\\]\\}`, "g");
const API = 3;
const NEWLINE = 10;
const { readSync, writeSync } = fs;

const ids = new Map();
const texts = new Map();
const names = new Map();
const stacks = new Set();
let awaited = null;
let failure = null;
let chunk = Buffer.alloc(0);
let rest = Buffer.alloc(0);
const space = Buffer.alloc(1 << 16);

function writeAll(descriptor, text) {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(descriptor, bytes, written);
  }
}

function nextLine() {
  const parts = [];
  for (;;) {
    const end = chunk.indexOf(NEWLINE);
    if (end >= 0) {
      parts.push(chunk.subarray(0, end));
      chunk = chunk.subarray(end + 1);
      return Buffer.concat(parts).toString("utf8");
    }
    parts.push(Buffer.from(chunk));
    const count = readSync(0, space, 0, space.length, null);
    if (count === 0) {
      return null;
    }
    chunk = Buffer.from(space.subarray(0, count));
  }
}

// What is not known, since its request failed, stays as it is, and jsii answers that there is no such object.
function withResults(line) {
  if (!line.includes(mark)) {
    return line;
  }
  return line
    .replace(OBJECT, (all, number) => (ids.has(number) ? JSON.stringify(ids.get(number)) : all))
    .replace(TEXT, (all, number) => texts.get(number) ?? all);
}

function nextRequest() {
  for (;;) {
    const line = nextLine();
    if (line === null) {
      return null;
    }
    const deferred = /^!(\d+)(\*?) /.exec(line);
    if (deferred !== null && failure === null) {
      awaited = deferred[1];
      const request = withResults(line.slice(deferred[0].length));
      if (deferred[2] === "*") {
        stacks.add(JSON.parse(request).args[1]);
      }
      return request;
    }
    if (deferred === null && (failure === null || line.startsWith('{"exit"'))) {
      awaited = null;
      return withResults(line);
    }
    if (deferred === null) {
      writeAll(1, failure);
      failure = null;
    }
  }
}

function keep(response) {
  const { ok } = JSON.parse(response);
  if (ok === undefined) {
    failure = response;
    return;
  }
  const value = ok["$jsii.byref"] === undefined ? (ok.value ?? ok.result) : ok;
  if (typeof value === "string") {
    texts.set(awaited, value);
  } else if (value?.["$jsii.byref"] !== undefined) {
    const id = value["$jsii.byref"];
    ids.set(awaited, id);
    names.set(id, `${id.slice(0, id.lastIndexOf("@"))}@${mark}:${awaited}`);
  }
}

fs.readSync = function (descriptor, buffer, ...where) {
  if (descriptor !== API) {
    return readSync(descriptor, buffer, ...where);
  }
  if (rest.length === 0) {
    const request = nextRequest();
    if (request === null) {
      return 0;
    }
    rest = Buffer.from(`${request}\n`);
  }
  const [offset, length] = where;
  const count = rest.copy(buffer, offset, 0, Math.min(length, rest.length));
  rest = rest.subarray(count);
  return count;
};

fs.writeSync = function (descriptor, buffer, ...where) {
  if (descriptor !== API) {
    return writeSync(descriptor, buffer, ...where);
  }
  const [offset = 0] = where;
  const response = buffer.toString("utf8", offset);
  if (awaited === null) {
    writeAll(1, response.replace(/"\$jsii\.byref":"([^"]*)"/g, (all, id) => (names.has(id) ? `"$jsii.byref":"${names.get(id)}"` : all)));
  } else {
    keep(response);
  }
  return buffer.length - offset;
};

Object.defineProperty(process, "stdout", {
  value: new Writable({
    write(data, _encoding, done) {
      writeAll(Number(output), data);
      done();
    },
  }),
});

// The rule of `logical_id` in names.py.
function logicalId(element) {
  return (element.node ?? element).path
    .split("/")
    .slice(1)
    .filter((component) => !/^\p{Lu}/u.test(component))
    .map((component) => component.replace(/^cross-stack-reference-input-/, ""))
    .join("_")
    .replaceAll(".", "-");
}

// What cdktf does for each element and each token, done without asking Python, and without a stack trace that
// would show jsii alone.
const CHANGES = [
  [
    /[\\/]cdktf[\\/]lib[\\/]terraform-stack\.js$/,
    ({ TerraformStack }) => {
      const { allocateLogicalId } = TerraformStack.prototype;
      TerraformStack.prototype.allocateLogicalId = function (element) {
        return stacks.has(this.node.path) ? logicalId(element) : allocateLogicalId.call(this, element);
      };
    },
  ],
  [
    /[\\/]cdktf[\\/]lib[\\/]tokens[\\/]private[\\/]stack-trace\.js$/,
    (exported) => {
      exported.captureStackTrace = () => [];
    },
  ],
];

const load = Module._extensions[".js"];
Module._extensions[".js"] = function (module, filename) {
  load(module, filename);
  for (const [pattern, change] of CHANGES) {
    if (pattern.test(filename)) {
      change(module.exports);
    }
  }
};

require(program);
