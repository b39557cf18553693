//! Names of firms, bodies and ships, put together of places, brands, trades and legal forms.
//!
//! Source: the patterns are those of published lists (a city, a brand, a trade, a form); the words are our own choice.

use super::names::{Culture, Part, Ranked};
use crate::dice::Dice;

/// A name with its other spellings and its original script.
pub(super) struct Titled {
    pub(super) main: String,
    pub(super) others: Vec<String>,
    /// Empty where there is none.
    pub(super) native: String,
}

const TRADES: &str = "Trading/贸易 Technology/科技 International_Trading/国际贸易 Electronics/电子 Industry/工业 Shipping/航运 Logistics/物流 Import_and_Export/进出口 Machinery/机械 Chemical/化工 Petroleum/石油 Energy/能源 Development/发展 Investment/投资 Construction/建设 Aviation/航空 Materials/材料 Optoelectronics/光电 Communications/通信 Information_Technology/信息技术 Textile/纺织 Steel/钢铁 Metals/金属 Instruments/仪器 Supply_Chain/供应链 Marine/海洋 Precision_Instruments/精密仪器 Semiconductor/半导体 Equipment/设备 Pharmaceutical/医药";
const CITIES: &str = "Shanghai/上海 Beijing/北京/Peking Shenzhen/深圳 Guangzhou/广州/Kwangchow Hong_Kong/香港/Hongkong Tianjin/天津/Tientsin Dalian/大连 Ningbo/宁波 Qingdao/青岛/Tsingtao Wuhan/武汉 Nanjing/南京/Nanking Xi'an/西安/Xian Chengdu/成都 Suzhou/苏州 Hangzhou/杭州 Dandong/丹东 Harbin/哈尔滨 Shandong/山东 Jiangsu/江苏 Zhejiang/浙江 Guangdong/广东/Canton Xiamen/厦门/Amoy China/中国 Wuxi/无锡 Yantai/烟台";
const AUSPICIOUS: &str = "Xin/新 Hong/宏 Hua/华 Tai/泰 Jin/金 Sheng/盛 Fu/富 Long/龙 Da/大 Yuan/远 Tong/通 Ming/明 Hai/海 Xiang/祥 Feng/丰 Kang/康 Rui/瑞 Bo/博 Chuang/创 Wei/威 Lian/联 Guang/光 Heng/恒 Run/润 Jia/嘉 Ou/欧 Mei/美 Tian/天 Zhong/中 Yi/亿";
const PLACES: &str = "Damascus Aleppo Baghdad Tehran Isfahan Dubai Beirut Istanbul Moscow Minsk Kyiv Yangon Mandalay Caracas Havana Managua Pyongyang Karachi Lahore Kabul Khartoum Tripoli Benghazi Mogadishu Sana'a Aden Harare Kinshasa Goma Bamako Jakarta Limassol Nicosia Singapore London Geneva Vienna Panama Cali Tijuana Sinaloa Novosibirsk Kazan Crimea Donetsk Luhansk Sevastopol Abkhazia Syria Iran Iraq Yemen Myanmar Belarus Venezuela Cuba Sudan Libya Lebanon";
const BRANDS: &str = "Golden Star Royal Silver Green Blue Diamond United Global Eastern Western Northern Southern Al-Noor Al-Salam Al-Amal Delta Alpha Omega Sky Ocean Phoenix Eagle Lion Falcon Orient Sunrise Pearl Crystal Atlas Titan Prime Trans Euro Asia Gulf Crescent Horizon Victory Unity Fortune Noble Grand Pioneer Premier Apex Summit Vertex Zenith Rainbow Lucky Peace Hope Faith Liberty Imperial Continental Pacific Atlantic Arctic Baltic Caspian Alborz Zagros";
const GENERAL: &str = "Trading General_Trading Shipping Petrochemical Oil_and_Gas Construction Investment Engineering Exchange Industries Logistics Holding Steel Mining Airlines Air_Cargo Insurance Bank Finance Real_Estate Import_Export Electronics Agro Foods Pharma Energy Telecom Consulting Services Contracting Security Transport Maritime Tourism Technologies Machine_Building Aerospace Defence_Industries Shipbuilding Chemicals Plastics Textiles Diamonds Jewellery Motors Auto_Parts Timber Cement Media Research";
const FORMS: &str = "LLC Ltd/-/Limited Co./-/Company Inc./-/Incorporated Co._Ltd./-/Company_Limited,Co_Ltd Corporation/-/Corp. Limited/-/Ltd. FZE FZCO Group Establishment/-/Est. GmbH S.A./-/SA SARL/-/S.A.R.L. S.A.L. PJSC JSC/-/Joint_Stock_Company Holding S.A._de_C.V. Ltda Pte._Ltd. Pvt._Ltd./-/Private_Limited A.Ş./-/Anonim_Şirketi Ltd._Şti. OJSC PLC B.V.";
const BODIES: &str = "Ministry_of_Defence Ministry_of_Intelligence Ministry_of_Interior General_Staff Central_Bank Border_Guard National_Guard Revolutionary_Guard Special_Forces Air_Force Republican_Guard Military_Intelligence Prison_Administration Research_Institute_of_Physics State_University Space_Agency Atomic_Energy_Organization Academy_of_Sciences Customs_Committee Electoral_Commission";
const MOVEMENTS: &str = "Liberation_Front People's_Army Islamic_Movement Resistance_Committee Jihad_Union Brigades Martyrs_Battalion Patriotic_Union Relief_Foundation Charity_Society Solidarity_Fund Youth_League Cartel Brotherhood Workers_Party";
const SHIPS: &str = "Star Ocean Sea Pearl Lady Golden Blue Pacific Atlantic Eagle Fortune Glory Hope Victory Spirit Sun Moon Dream Queen Princess King Grace Happy Lucky Dragon Phoenix Horizon Liberty Pioneer Venus Neptune Orion Sirius Volga Neva Don Baltic Caspian Amur Crystal Diamond Silver Rose Lotus Dolphin Swan Jasmine Yasmine Nour Rahma Marina Elena Sofia Maria Chong Ryon Kum San Dok";

/// The words ready to draw from.
pub(super) struct Firms {
    trades: Ranked,
    cities: Ranked,
    auspicious: Ranked,
    places: Ranked,
    brands: Ranked,
    general: Ranked,
    forms: Ranked,
    bodies: Ranked,
    movements: Ranked,
    ships: Ranked,
}

fn titled(main: String, others: Vec<String>, native: String) -> Titled {
    Titled { main, others, native }
}

impl Firms {
    pub(super) fn new() -> Firms {
        Firms {
            trades: Ranked::parse(TRADES),
            cities: Ranked::parse(CITIES),
            auspicious: Ranked::parse(AUSPICIOUS),
            places: Ranked::parse(PLACES),
            brands: Ranked::parse(BRANDS),
            general: Ranked::parse(GENERAL),
            forms: Ranked::parse(FORMS),
            bodies: Ranked::parse(BODIES),
            movements: Ranked::parse(MOVEMENTS),
            ships: Ranked::parse(SHIPS),
        }
    }

    /// A firm of that culture.
    pub(super) fn firm(&self, culture: &Culture, dice: &mut Dice) -> Titled {
        match culture.tables.culture {
            "chinese" | "korean" => self.chinese(dice),
            "russian" | "ukrainian" => Firms::russian(culture, dice),
            _ => self.western(culture, dice),
        }
    }

    fn chinese(&self, dice: &mut Dice) -> Titled {
        let (city, trade) = (self.cities.draw(dice), self.trades.draw(dice));
        let mut brand = (String::new(), String::new());
        for _ in 0..2 + dice.below(2) {
            let syllable = self.auspicious.draw(dice);
            brand.0.push_str(&if brand.0.is_empty() {
                syllable.spelt(0).to_owned()
            } else {
                syllable.spelt(0).to_lowercase()
            });
            brand.1.push_str(&syllable.native);
        }
        let with =
            |spelling: usize, form: &str| format!("{} {} {} {form}", city.spelt(spelling), brand.0, trade.spelt(0));
        let mut others = vec![with(1, "Company Limited"), with(0, "Co Ltd"), format!("{} {}", brand.0, trade.spelt(0))];
        dice.shuffle(&mut others);
        titled(with(0, "Co., Ltd."), others, format!("{}{}{}有限公司", city.native, brand.1, trade.native))
    }

    fn russian(culture: &Culture, dice: &mut Dice) -> Titled {
        let brand = culture.family(dice);
        let (form, native) = *dice
            .pick(&[("OOO", "ООО"), ("AO", "АО"), ("OAO", "ОАО"), ("ZAO", "ЗАО"), ("NPO", "НПО")])
            .unwrap_or(&("", ""));
        let (trade, its_native) = *dice
            .pick(&[
                ("Trade", "Трейд"),
                ("Invest", "Инвест"),
                ("Stroi", "Строй"),
                ("Neft", "Нефть"),
                ("Mash", "Маш"),
                ("Aero", "Аэро"),
                ("Tekh", "Тех"),
                ("", ""),
            ])
            .unwrap_or(&("", ""));
        let with = |spelling: usize| format!("{}{}", brand.spelt(spelling), trade.to_lowercase());
        let mut others =
            vec![format!("{form} {}", with(1)), format!("{} LLC", with(0)), with(0), format!("\"{}\" {form}", with(2))];
        dice.shuffle(&mut others);
        titled(
            format!("{form} {}", with(0)),
            others,
            format!("{native} «{}{}»", brand.native, its_native.to_lowercase()),
        )
    }

    fn western(&self, culture: &Culture, dice: &mut Dice) -> Titled {
        let draw = |of: &Ranked, dice: &mut Dice| of.draw(dice).spelt(0).to_owned();
        let (form, trade): (Part, String) = (self.forms.draw(dice), draw(&self.general, dice));
        let family = culture.family(dice);
        let head = match dice.below(6) {
            0 => draw(&self.brands, dice),
            1 => format!("{} {}", draw(&self.brands, dice), draw(&self.brands, dice)),
            2 => draw(&self.places, dice),
            3 => format!("{} {}", draw(&self.brands, dice), family.spelt(0)),
            _ => family.spelt(0).to_owned(),
        };
        let between = *dice.pick(&["", "", "", " and Sons", " Brothers", " International"]).unwrap_or(&"");
        let with = |head: &str, form: &str| format!("{head}{between} {trade} {form}");
        let other_head = head.replace(family.spelt(0), family.spelt(1));
        let mut others = vec![
            with(&head, form.spelt(1)),
            with(&other_head, form.spelt(0)),
            format!("{head} {trade}"),
            initials(&with(&head, "")),
        ];
        dice.shuffle(&mut others);
        titled(with(&head, form.spelt(0)), others, String::new())
    }

    /// An organ of a state or a movement, of a well-known place or of one that is called like a rare family.
    pub(super) fn body(&self, culture: &Culture, dice: &mut Dice) -> Titled {
        let place = if dice.percent(55) { culture.family(dice) } else { self.places.draw(dice) };
        let place = place.spelt(0);
        let number = 1 + dice.below(60);
        if dice.percent(50) {
            let body = self.bodies.draw(dice);
            let body = body.spelt(0);
            let main = if dice.percent(30) {
                format!("{body} of {place}, Unit {number}")
            } else {
                format!("{body} of {place}")
            };
            let others = vec![format!("{place} {body}"), initials(&main)];
            return titled(main, others, String::new());
        }
        let (brand, movement) = (self.brands.draw(dice), self.movements.draw(dice));
        let main = match dice.below(3) {
            0 => format!("{} {} of {place}", brand.spelt(0), movement.spelt(0)),
            1 => format!("{place} {}", movement.spelt(0)),
            _ => format!("{number}th {} {}", place, movement.spelt(0)),
        };
        let others = vec![format!("{} {place}", movement.spelt(0)), initials(&main)];
        titled(main, others, String::new())
    }

    /// A ship; every second bears a family's name.
    pub(super) fn ship(&self, culture: &Culture, dice: &mut Dice) -> Titled {
        let (one, other) = (self.ships.draw(dice), self.ships.draw(dice));
        let other = if dice.percent(50) { culture.family(dice) } else { other };
        let (one, other) = (one.spelt(0), other.spelt(0));
        let main = match dice.below(5) {
            0 => one.to_owned(),
            1 => format!("{one} {}", 1 + dice.below(30)),
            2 => format!("Al {other}"),
            _ => format!("{one} {other}"),
        };
        let previous = format!("{other} {}", ["I", "II", "III", "Star", "Sea", "1", "8"][dice.below(7)]);
        titled(main.to_uppercase(), vec![previous.to_uppercase(), format!("MV {main}")], String::new())
    }
}

fn initials(name: &str) -> String {
    let words = name.split_whitespace().filter(|word| !["and", "of"].contains(word));
    words.filter_map(|word| word.chars().next()).filter(|letter| letter.is_alphanumeric()).collect()
}
