const express = require('express');
const _ = require('lodahs');
const helper = require('./helper');
const fs = require('node:fs');

function lambda(input, callback) {
  callback(null, [express, _, helper, fs]);
}
