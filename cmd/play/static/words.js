// @ts-check
// Every text of the page, by view, in each language. {name} is filled in.

/** @type {Object<string, Object<string, string>>} */
export const words = {
  en: {
    "title": "nndl: draw a digit, watch it go forward and the error come back",
    "skip": "Skip to the content",
    "views": "Views",
    "language": "Language",
    "unreachable": "The server does not answer. Is play still running?",

    "digit.title": "Forward and backward",

    "draw.title": "Draw a digit",
    "draw.canvas": "Drawing area: draw with mouse, finger or pen; Backspace undoes a stroke, Delete clears",
    "draw.undo": "Undo stroke",
    "draw.clear": "Clear",
    "draw.seen": "What the network sees",
    "draw.outputs": "The ten outputs",
    "draw.test": "Test digit",
    "draw.load": "Load",
    "draw.next": "Next",
    "draw.file": "Or a picture file",
    "draw.hint": "Draw a digit, large or small, with mouse, finger or pen.",
    "draw.isTest": "A test digit, a {label}, as it is in the data. Its centre of mass is at column {x}, row {y}.",
    "draw.isDrawn": "Cropped from {w}×{h} of 1000×1000, scaled to {cols}×{rows} pixels, centred by mass: column {x}, row {y}.",
    "draw.isFile": "A picture of {w}×{h}: its digit scaled to {cols}×{rows} pixels, centred by mass: column {x}, row {y}.",
    "draw.isIt": "y = 1",
    "draw.none": "No digit yet.",
    "draw.sure": "is what the network reads.",
    "draw.unsure": "perhaps, or {second}: the network is not sure.",
    "draw.about": "The network {sizes}, trained when the page began, reads {right} % of the {n} test digits right.",
    "draw.aboutChanged": "Your network {sizes} reads {right} % of the {n} test digits right.",
    "draw.real": "The digits are those of MNIST.",
    "draw.synthetic": "The digits are synthetic, drawn by the program: MNIST is not at hand.",

    "train.title": "Train",

    "universality.title": "Universality",

    "depth.title": "Depth",

    "convolution.title": "Convolution",
  },
  hi: {
    "title": "nndl: एक अंक बनाइए, उसे आगे जाते और त्रुटि को लौटते देखिए",
    "skip": "सीधे सामग्री पर जाएँ",
    "views": "पन्ने",
    "language": "भाषा",
    "unreachable": "सर्वर जवाब नहीं दे रहा। क्या play अब भी चल रहा है?",

    "digit.title": "आगे और पीछे",

    "draw.title": "एक अंक बनाइए",
    "draw.canvas": "यहाँ माउस, उँगली या पेन से अंक बनाइए; Backspace पिछली रेखा हटाता है, Delete सब मिटाता है",
    "draw.undo": "रेखा हटाएँ",
    "draw.clear": "मिटाएँ",
    "draw.seen": "नेटवर्क को यह दिखता है",
    "draw.outputs": "दस आउटपुट",
    "draw.test": "परीक्षण का अंक",
    "draw.load": "लाएँ",
    "draw.next": "अगला",
    "draw.file": "या कोई चित्र",
    "draw.hint": "माउस, उँगली या पेन से एक अंक बनाइए, बड़ा या छोटा।",
    "draw.isTest": "परीक्षण का अंक, {label}, जैसा डेटा में है। द्रव्यमान केंद्र: स्तंभ {x}, पंक्ति {y}।",
    "draw.isDrawn": "1000×1000 में से {w}×{h} काटा गया, {cols}×{rows} पिक्सेल में ढाला गया, द्रव्यमान केंद्र बीच में रखा गया: स्तंभ {x}, पंक्ति {y}।",
    "draw.isFile": "{w}×{h} का चित्र: उसका अंक {cols}×{rows} पिक्सेल में ढाला गया, द्रव्यमान केंद्र बीच में रखा गया: स्तंभ {x}, पंक्ति {y}।",
    "draw.isIt": "y = 1",
    "draw.none": "अभी कोई अंक नहीं।",
    "draw.sure": "– नेटवर्क यही पढ़ता है।",
    "draw.unsure": "शायद, या {second}: नेटवर्क को पक्का नहीं पता।",
    "draw.about": "नेटवर्क {sizes}, जो पन्ना खुलते समय प्रशिक्षित हुआ, {n} परीक्षण अंकों में से {right} % सही पढ़ता है।",
    "draw.aboutChanged": "आपका नेटवर्क {sizes} {n} परीक्षण अंकों में से {right} % सही पढ़ता है।",
    "draw.real": "ये MNIST के अंक हैं।",
    "draw.synthetic": "ये कृत्रिम अंक हैं, प्रोग्राम के बनाए हुए: MNIST यहाँ नहीं है।",

    "train.title": "प्रशिक्षण",

    "universality.title": "सार्वत्रिकता",

    "depth.title": "गहराई",

    "convolution.title": "कॉन्वोल्यूशन",
  },
};
