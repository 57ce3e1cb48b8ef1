const cheerio = require('cheerio');

const lambda = async () => {
  const $ = cheerio.load('<ul id="fruits"><li class="apple">Apple</li><li class="orange" data-n=\'{"a":1}\'>Orange &amp; co</li><li>Pear</ul><form><input name=q value=1><select name=s><option selected>x</select></form>');
  $('li.apple').addClass('red').after('<li class="plum">Plum</li>').attr('title', '"q"');
  $('#fruits > li:nth-child(3)').text('<Orange>').wrap('<div></div>');
  return [
    $.html(), $('li').map((i, element) => $(element).text()).get(), $('li:contains("Pear")').index(), $('.orange').data('n'), $('form').serializeArray(), $('li').first().nextUntil('.none').length, $('ul').find('[class^=p]').attr('class'), $('input').prop('tagName'),
    cheerio.load('<a><b/>x</a>', { xmlMode: true }).xml(), $('li').filter('.red').closest('ul').attr('id'), $.text(), $('li').toArray().length, $('ul').children().eq(-1).html(),
  ];
};
