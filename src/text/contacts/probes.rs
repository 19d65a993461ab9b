//! Probes: what customers and agents really write, ten and more a class, and talk that only looks
//! like it.
//!
//! `⟦…⟧` stands around what has to be masked, whole and nothing beside it. All values are made up.

use super::{Contact, ContactClass, ContactClass as C, find, find_also};

/// A text without its brackets, and with each bracketed value replaced by its class.
fn probe(marked: &str, class: ContactClass) -> (String, String) {
    let text = marked.replace(['⟦', '⟧'], "");
    let mut expected = String::new();
    let mut rest = marked;
    while let Some((before, behind)) = rest.split_once('⟦') {
        expected += before;
        expected += class.mark();
        rest = behind.split_once('⟧').unwrap().1;
    }
    (text, expected + rest)
}

fn masked(text: &str, found: Vec<Contact>) -> String {
    let (mut out, mut at) = (String::new(), 0);
    for contact in found {
        out += text.get(at..contact.range.start).unwrap();
        out += contact.class.mark();
        at = contact.range.end;
    }
    out + text.get(at..).unwrap()
}

fn all_are_masked(class: ContactClass, probes: &[&str]) {
    let wrong: Vec<(&str, String)> = probes
        .iter()
        .filter_map(|marked| {
            let (text, expected) = probe(marked, class);
            let found = if class.is_optional() {
                find_also(&text, &[class])
            } else {
                find(&text)
            };
            let masked = masked(&text, found);
            (masked != expected).then_some((*marked, masked))
        })
        .collect();
    assert!(wrong.is_empty(), "{} leak: {wrong:#?}", wrong.len());
}

fn nothing_is_masked(texts: &[&str]) {
    let wrong: Vec<String> = texts
        .iter()
        .map(|text| (text, masked(text, find(text))))
        .filter(|(text, masked)| text != &masked)
        .map(|(_, masked)| masked)
        .collect();
    assert!(wrong.is_empty(), "false alarms: {wrong:#?}");
}

#[test]
fn phones_in_every_spelling() {
    all_are_masked(
        C::Phone,
        &[
            "手机号⟦一三八零零一三八零零零⟧，麻烦回电",
            "我的电话是⟦幺三八〇〇幺三八〇〇〇⟧",
            "打⟦壹叁捌零零壹叁捌零零零⟧找我",
            "⟦一三八 零零一三 八零零零⟧ 李工",
            "请联系 ⟦138001\n38000⟧，谢谢",
            "电话：⟦1380013-\n8000⟧ 下午方便",
            "user_⟦13800138000⟧",
            "⟦13800138000⟧_张工",
            "香港 ⟦+852 9123 4567⟧",
            "澳门 ⟦+853 6612 3456⟧",
            "台湾 ⟦+886 912 345 678⟧",
            "美国 ⟦+1 (415) 555-2671⟧",
            "⟦+1-415-555-2671⟧ 周一前",
            "⟦0085291234567⟧ 可以打",
            "⟦1 3 8 0 0 1 3 8 0 0 0⟧",
            "手机 ⟦138/0013/8000⟧",
            "⟦138·0013·8000⟧",
            "找我 ⟦138_0013_8000⟧",
            "座机⟦零五七一八八八八六六六六⟧",
            "新加坡 ⟦+65 9123 4567⟧",
            "⟦１３８－００１３－８０００⟧",
            "\"mobile\":\"⟦13800138000⟧\"",
            "手机⟦138 001 38000⟧",
        ],
    );
}

#[test]
fn identity_numbers_beside_their_names() {
    all_are_masked(
        C::IdCard,
        &[
            "身份证⟦110105194912310021⟧",
            "身份证号：⟦110105491231002⟧，麻烦核实",
            "身份证号码 ⟦11010519491231002x⟧",
            "证件号码是⟦330106199001011234⟧",
            "护照号 ⟦E12345678⟧",
            "护照：⟦G98765432⟧ 已过期",
            "passport no. ⟦EA1234567⟧",
            "统一社会信用代码：⟦91330106MA2B0XYZ1A⟧",
            "统一社会信用代码为 ⟦913301067999999999⟧，已认证",
            "营业执照注册号：⟦330106000012345⟧",
            "纳税人识别号 ⟦91330106MA2B0XYZ1A⟧",
            "港澳通行证 ⟦C12345678⟧",
            "idcard=⟦110105194912310021⟧",
            "本人身份证 ⟦110105 19491231 0021⟧",
            "法人身份证（⟦110105194912310021⟧）",
        ],
    );
}

#[test]
fn cards_and_accounts_beside_their_names() {
    all_are_masked(
        C::BankCard,
        &[
            "银行卡⟦6222021234567890123⟧",
            "卡号：⟦4111111111111112⟧",
            "卡号 ⟦6222 0212 3456 7890 123⟧ 退款",
            "对公账号：⟦571908327410⟧",
            "对公账户 ⟦1202024409900012345⟧",
            "收款账号是⟦33001616727059000001⟧",
            "银行账号：⟦9558-8012-0211-2345-678⟧",
            "退到账号⟦6217001234567890123⟧",
            "账号：⟦6222000012345678⟧",
            "开户行招行，账号 ⟦755912345678901⟧",
            "储蓄卡尾号前面是⟦6228480012345678⟧",
            "bank card: ⟦4111111111111112⟧",
            "card number ⟦5500000000000005⟧",
        ],
    );
}

#[test]
fn mail_in_disguise() {
    all_are_masked(
        C::Email,
        &[
            "邮箱 ⟦zhang.san(at)example.com⟧",
            "⟦zhangsan[at]example.com⟧",
            "⟦zhang（at）example.com.cn⟧ 谢谢",
            "邮箱：⟦zhangsan#example.com⟧",
            "⟦lisi88#163.com⟧",
            "邮箱是⟦zhang @ example.com⟧",
            "发到 ⟦zhang@ qq.com⟧",
            "⟦zhangsan＠example．com⟧",
            "⟦zhangsan at gmail dot com⟧",
            "⟦zhangsan(at)example(dot)com⟧",
            "联系邮箱 ⟦zhangsan at example.com⟧",
            "⟦zhangsan艾特qq点com⟧",
            "e-mail: ⟦li.si [at] example [dot] com⟧",
            "⟦ops_team{at}example.org⟧",
            "⟦zhang@sub.example.co⟧",
        ],
    );
}

#[test]
fn keys_tokens_and_cookies() {
    all_are_masked(
        C::Key,
        &[
            "用的是 ⟦ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8⟧",
            "⟦github_pat_11ABCDEFG0abcdefghij_klmnopqrstuvwxyz0123456789⟧",
            "slack ⟦xoxb-123456789012-abcdefABCDEF⟧ 失效",
            "Authorization: QBox ⟦7xAbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-:dG9rZW4tc2lnbmF0dXJl⟧",
            "Authorization: Basic ⟦YWRtaW46UGFzc3cwcmQ=⟧",
            "header 里是 Basic ⟦dXNlcjpTZWNyZXQxMjM=⟧",
            "Cookie: ⟦SESSIONID=9f8e7d6c5b4a; uid=10086⟧\n下一行",
            "Set-Cookie: ⟦sid=s%3Aabc123def456; Path=/; HttpOnly⟧",
            "JSESSIONID=⟦0123456789ABCDEF0123456789ABCDEF⟧",
            "这把密钥好像泄露了，麻烦看下：\n⟦Qx7bVnE2mKp0LsT9aYcR4uHdWf6GjZi1OoBvNtXk⟧",
            "⟦Qx7bVnE2mKp0LsT9aYcR4uHdWf6GjZi1OoBvNtXk⟧ 这个 key 还能用吗",
            "⟦AKIAIOSFODNN7EXAMPLE⟧",
            "⟦AIzaSyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q⟧",
            "⟦glpat-AbCdEf0123456789xyzw⟧",
            "⟦npm_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8⟧",
            "⟦-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7\n-----END RSA PRIVATE KEY-----⟧",
            "X-Api-Key: ⟦f3a9c1d27b8e4605⟧",
        ],
    );
}

#[test]
fn secrets_in_addresses() {
    all_are_masked(
        C::Key,
        &[
            "https://b.example.com/a.png?Expires=1&Signature=⟦aB3%2Fd9fGh1%3D⟧",
            "https://s3.example.com/k?X-Amz-Signature=⟦0a1b2c3d4e5f60718293a4b5c6d7e8f9⟧&x=1",
            "{\"u\":\"https://x.example.com/?e=1\\u0026token=⟦7xAbCdEfGhIjKlMn0123:dG9rZW4=⟧\"}",
            "https://api.example.com/v1?sign=⟦9f86d081884c7d65⟧",
            "http://cdn.example.com/v.mp4?auth_key=⟦1700000000-0-0-5d41402abc4b2a76b9719d911017c592⟧",
            "https://x.example.com/?token=⟦7xAbCdEfGhIjKlMn0123456789:dG9rZW4tc2lnbmF0dXJl⟧",
            "token=⟦AbC123dEf456gHi789:Xyz0987654321:eyJzY29wZSI6ImEifQ==⟧ 报 401",
            "rtmp://push.example.com/live/room1?txSecret=⟦0a1b2c3d4e5f6071⟧&txTime=5F0A",
            "推流码：⟦live_8a7b6c5d4e3f⟧",
            "stream key: ⟦abcd-1234-efgh-5678⟧",
            "https://⟦admin:S3cret!pw⟧@git.example.com/a.git",
            "mysql://⟦root:Abc12345⟧@10.0.0.1:3306/db",
            "redis://⟦:p4ssw0rd⟧@cache.example.com:6379",
            "https://a.example.com/cb?access_token=⟦ya29.a0AfH6SMBx1y2z3⟧",
            "https://p.example.com/f?e=1&wsSecret=⟦5d41402abc4b2a76⟧&wsTime=1",
            "rtmp://push.example.com/live/room1?key=⟦8c7d6e5f4a3b⟧",
            "x-amz-security-token=⟦FwoGZXIvYXdzEBYaDK1a2b3c4⟧",
            "下载：https://d.example.com/f.zip?q-signature=⟦0a1b2c3d4e5f60718293⟧",
        ],
    );
}

#[test]
fn passwords_and_codes_as_people_give_them() {
    all_are_masked(
        C::Key,
        &[
            "密码是⟦abc12345⟧",
            "密码为 ⟦Qwe@2024⟧，登录不上",
            "账号 root 密码 ⟦Zx9#pqLm⟧",
            "mysql -uroot -p⟦Abc123456⟧ -h 10.0.0.1",
            "mysql -h db -u root -p'⟦Abc 123⟧'",
            "mysqldump -u root --password=⟦secretpw⟧ db",
            "Server=10.0.0.1;Uid=sa;Pwd=⟦pa55⟧;Database=x",
            "jdbc:mysql://10.0.0.1/db?user=root&password=⟦qwertyuiop⟧",
            "验证码⟦482913⟧",
            "验证码是 ⟦4829⟧，五分钟内有效",
            "短信验证码：⟦9081⟧",
            "⟦482913⟧ 是您的验证码",
            "redis-cli -h 10.0.0.1 -a ⟦S3cretPw⟧ ping",
            "sshpass -p ⟦Abc12345⟧ ssh root@10.0.0.1",
            "curl -u ⟦admin:Abc12345⟧ http://10.0.0.1/",
            "MYSQL_ROOT_PASSWORD=⟦hunter22⟧",
            "密码改成了⟦Abc!2345⟧",
            "初始密码：⟦P@ssw0rd⟧",
            "⟦root:Abc12345⟧@tcp(10.0.0.1:3306)/db",
            "登录密码 ⟦zhang1990⟧",
            "passwd: ⟦123456⟧",
        ],
    );
}

#[test]
fn chat_accounts_beside_their_names() {
    all_are_masked(
        C::Chat,
        &[
            "微信号：⟦zhang_san88⟧",
            "微信 ⟦wxid_8x7y6z5w4v⟧",
            "加我微信⟦lisi-2020⟧",
            "VX：⟦abc123456⟧",
            "wechat: ⟦ops_wang⟧",
            "QQ：⟦12345678⟧",
            "QQ号是⟦987654321⟧",
            "加Q ⟦10001234⟧",
            "QQ群：⟦710123456⟧",
            "扣扣 ⟦33445566⟧",
            "v信 ⟦zhang9527⟧",
            "企鹅号⟦1234567890⟧",
            "我QQ⟦123456789⟧",
            "微信：⟦zhangsanfeng⟧",
        ],
    );
}

#[test]
fn public_addresses_of_hosts_on_request() {
    all_are_masked(
        C::PublicIp,
        &[
            "服务器 ⟦203.0.113.7⟧ 连不上",
            "源站IP：⟦47.98.12.34⟧，内网 10.0.0.1",
            "⟦8.134.5.6⟧:8080 超时，192.168.1.1 正常",
            "http://⟦120.55.1.2⟧/a",
            "⟦2408:4002:1000::8a⟧ 不通",
            "ping ⟦101.37.1.1⟧",
            "从⟦39.96.1.1⟧到⟦39.96.1.2⟧",
            "(⟦116.62.9.9⟧)",
            "白名单加 ⟦121.40.0.0⟧/16",
            "ssh root@⟦47.100.1.1⟧",
        ],
    );
    nothing_is_masked(&["服务器 203.0.113.7 连不上"]);
    let quiet = "版本 7.13.27.14，127.0.0.1 和 172.16.3.4，0.0.0.0";
    assert_eq!(find_also(quiet, &[C::PublicIp]), []);
}

#[test]
fn hardware_addresses_on_request() {
    all_are_masked(
        C::Mac,
        &[
            "MAC ⟦00:1A:2B:3C:4D:5E⟧",
            "⟦00-1a-2b-3c-4d-5e⟧",
            "⟦001a.2b3c.4d5e⟧",
            "网卡⟦fe:54:00:12:34:56⟧丢包",
            "地址:⟦AA:BB:CC:DD:EE:FF⟧",
            "(⟦52:54:00:ab:cd:ef⟧)",
            "⟦52-54-00-AB-CD-EF⟧ 网卡",
            "ether ⟦02:42:ac:11:00:02⟧ txqueuelen",
            "mac=⟦0a:1b:2c:3d:4e:5f⟧",
            "arp ⟦0050.56c0.0008⟧",
        ],
    );
}

#[test]
fn plates_on_request() {
    all_are_masked(
        C::Plate,
        &[
            "车牌⟦浙A12345⟧",
            "⟦京N·8K8P9⟧",
            "⟦沪AD12345⟧ 新能源",
            "车辆 ⟦粤B 12345⟧",
            "⟦苏E6P88Q⟧进场失败",
            "识别成⟦川A8N6Q7⟧",
            "⟦鲁B•12A34⟧",
            "⟦闽D66666⟧、⟦闽D88888⟧",
            "车号⟦豫A0F123⟧",
            "⟦渝D98765⟧",
        ],
    );
}

#[test]
fn street_addresses_on_request() {
    all_are_masked(
        C::Address,
        &[
            "寄到⟦杭州市西湖区文一路88号3幢201室⟧",
            "地址：⟦上海市浦东新区张江路100号⟧",
            "⟦北京市朝阳区建国门外大街1号院⟧",
            "发票寄⟦广东省深圳市南山区科技园南路12号A座5楼⟧",
            "⟦成都市高新区天府大道北段1700号⟧收",
            "公司在⟦西湖区古墩路656号⟧",
            "⟦江苏省苏州市工业园区星湖街328号⟧",
            "⟦武汉市洪山区珞喻路1037号⟧，李工收",
            "⟦南京市鼓楼区中山北路30弄5号⟧",
            "⟦厦门市思明区软件园二期望海路10号⟧",
        ],
    );
}

#[test]
fn company_names_on_request() {
    all_are_masked(
        C::Company,
        &[
            "我们是⟦杭州示例网络科技有限公司⟧",
            "⟦示例（北京）信息技术有限责任公司⟧开票",
            "抬头：⟦上海示例传媒股份有限公司⟧",
            "主体⟦深圳市示例云计算有限公司⟧认证失败",
            "⟦广州示例贸易有限公司⟧、⟦佛山示例贸易有限公司⟧",
            "备案主体为⟦成都示例文化传播有限公司⟧",
            "⟦Example Network Co., Ltd.⟧",
            "发给 ⟦Sample Cloud Technology Co.,Ltd⟧",
            "企业名称：⟦南京示例律师事务所⟧",
            "⟦浙江示例集团有限公司⟧",
        ],
    );
}

#[test]
fn order_numbers_on_request() {
    all_are_masked(
        C::Order,
        &[
            "订单号：⟦20241012345678⟧",
            "订单 ⟦2024101212345678⟧ 退款",
            "订单编号⟦E2024-1012-778⟧",
            "流水号 ⟦4200001234202410121234567890⟧",
            "交易号：⟦T20241012A778⟧",
            "order id: ⟦1234567890⟧",
            "order no. ⟦A-1002003004⟧",
            "orderId=⟦9988776655⟧",
            "支付单号⟦2024101222001⟧",
            "快递单号 ⟦SF1234567890123⟧",
        ],
    );
}

#[test]
fn talk_and_identifiers_are_no_values() {
    nothing_is_masked(&[
        // Numbers that are nobody's.
        "一二三四五六七八九十一二",
        "二零二四年一月一三日上午一零点零零分",
        "带宽\n15000\n138001\n200",
        "1380013\n8000",
        "log_20241014 t_1728352800123",
        "+0800 2024-10-14",
        "增加+12345 字节",
        "身份证需要 18 位，照片 2000000 像素",
        "身份证照片上传失败，requestid 1102938475610293847",
        "护照办理 20241012",
        "统一社会信用代码填写错误 error 40029001",
        "账号 100012345678 欠费",
        "账号异常，工单 20241014123456",
        "SIM 卡号段 1440",
        "卡号在背面，订单 2024101212345678",
        // Mail.
        "主机记录 @ 记录值 example.com",
        "TXT @ example.com",
        "error at example.com line 3",
        "page.html#section.com",
        "git@github.com:a/b.git",
        // Keys.
        "Basic 认证方式，Basic authentication required",
        "cookie 过期时间怎么设置，cookie: 需要允许跨域",
        "密钥在控制台的访问控制页面里查看和轮换。文件的 etag 是 Fh8xVOod2MQ1mocfI4S4KpRL6D98",
        "xoxb- 开头的是机器人令牌",
        "sign=md5(key+uri+t)",
        "?Signature=<签名>&token=YOUR_TOKEN",
        "auth_key=timestamp-rand-uid-md5hash",
        "?e=1451491200&token=",
        "token=xxxxxxxxxxxx",
        "key=value&sign=SIGN",
        "password: string, required",
        "pwd=******** passwd=your_password",
        "https://user:password@example.com/",
        "密码是什么，密码为空，密码 至少 8 位",
        "密码为 AES256 加密，密码 SHA256 存储",
        "验证码 6 位数字，验证码 5 分钟内有效，验证码是4位",
        "收不到验证码，错误码 10003",
        "mysql -u root -p，mysql -P 3306 -p3306端口",
        "推流码在哪里看",
        // Chat.
        "微信小程序 AppID wx1234567890abcdef",
        "微信支付 V3，微信公众号，微信 android14 打不开",
        "微信：请扫码添加",
        "QQ浏览器 11.9.5，QQ 8.9.50 版本",
        "QQ 10000 人大群",
        "微信 https://docs.example.com/a1",
        "vx.x.x 版本",
    ]);
}
