// Why this file exists: the deprecated module `constants`: all groups in one.
'use strict';
const { constants } = require('internal/tables');
const { dlopen, errno, priority, signals } = constants.os;
Object.assign(exports, dlopen, errno, priority, signals, constants.fs, constants.crypto);
