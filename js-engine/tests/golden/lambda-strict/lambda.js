"use strict";
function lambda(input, callback) {
  let message;
  try {
    implicit = 1;
  } catch (error) {
    message = error.name;
  }
  callback(null, message);
}
